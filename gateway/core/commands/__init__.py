"""Everything that may be asked of Onethread, as frozen values. `core/decisions` says what becomes of each."""
