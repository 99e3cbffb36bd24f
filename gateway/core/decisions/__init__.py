"""What becomes of each command: pure functions of a scene, one room a noun, and the table that finds them."""
