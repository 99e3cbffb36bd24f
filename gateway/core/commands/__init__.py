"""Everything that may be asked of Onethread: frozen values in the imperative. `core/decisions` says what becomes of each."""
