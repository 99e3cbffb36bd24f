"""The settings: one page a section. `sections.py` lists them, `routes.py` says what each answers."""
