"""The tables of all modules together, which migrations are compared with."""

from gateway.storage import schema, schema_automation
from gateway.storage.schema_base import metadata

MODULES = (schema, schema_automation)
"""Importing them is what defines their tables."""

__all__ = ["MODULES", "metadata"]
