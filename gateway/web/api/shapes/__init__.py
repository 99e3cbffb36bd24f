"""What the API says: one Struct for each thing, and how it is made of the records."""
