"""The product's own tests; each folder beside the layer it is named after."""
