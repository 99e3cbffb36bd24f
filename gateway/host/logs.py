"""Logs as JSON lines: no secrets, no bodies, numbers and addresses masked, whatever a library says."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

from gateway.host.trace import mask

_HIDDEN = frozenset({"body", "text", "password", "token", "secret", "authorization", "cookie", "settings", "content"})


def configure_logs(level: str, out: TextIO | None = None) -> None:
    """For this process: structlog's lines, and those of the standard library's loggers, as JSON on stderr."""
    stream = out or sys.stderr
    number = logging.getLevelNamesMapping()[level.upper()]
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        redact,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(processor=structlog.processors.JSONRenderer(), foreign_pre_chain=shared)
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(number, logging.WARNING))


def redact(logger: Any, method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: fields that may hold a secret or a text are gone, numbers and addresses masked."""
    for name, value in list(line.items()):
        if name in _HIDDEN:
            line[name] = "[hidden]"
        elif isinstance(value, str) and name not in {"timestamp", "level"}:
            line[name] = mask(value)
    return line
