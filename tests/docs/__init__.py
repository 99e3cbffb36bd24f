"""What the documentation says, compared with the code."""
