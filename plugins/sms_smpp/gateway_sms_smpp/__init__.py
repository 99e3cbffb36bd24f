"""SMS over SMPP 3.4, to any message centre that speaks it."""
