"""The names of all hooks."""

from gateway.sdk import hookspecs


def hook_names() -> tuple[str, ...]:
    """In the order of `hookspecs.py`."""
    marked = f"{hookspecs.PROJECT}_spec"
    return tuple(name for name, value in vars(hookspecs).items() if callable(value) and hasattr(value, marked))
