"""Measures the product side by side with its limits and its peers, and prints ratios."""
