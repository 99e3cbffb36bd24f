"""A gateway for trying things out: phones in the browser that text the product, with fault dials."""
