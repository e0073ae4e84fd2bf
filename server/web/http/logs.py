"""The log: one line for each thing that happened, for people or for programs, with the id of the request."""

from __future__ import annotations

import logging
import sys
import time
from contextvars import ContextVar
from typing import Final

from pythonjsonlogger.json import JsonFormatter

from ...settings import Settings

REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")
"""The id of the request that is being answered; empty outside of one."""

_LOG: Final = logging.getLogger("akb")
_FIELDS: Final = ("asctime", "levelname", "name", "message", "request_id")


def configure_logging(settings: Settings) -> None:
    """Send what the server logs to standard error, in the form that the settings name."""
    formatter: logging.Formatter
    if settings.log_format == "json":
        formatter = JsonFormatter(_FIELDS, rename_fields={"asctime": "time", "levelname": "level", "name": "logger"})
    else:
        formatter = logging.Formatter("%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s")
    formatter.converter = time.gmtime
    formatter.default_time_format, formatter.default_msec_format = "%Y-%m-%dT%H:%M:%S", "%s.%03dZ"
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    handler.addFilter(_with_request_id)
    _LOG.handlers = [handler]
    _LOG.setLevel(logging.INFO)
    _LOG.propagate = False


def _with_request_id(record: logging.LogRecord) -> bool:
    record.request_id = REQUEST_ID.get() or "-"
    return True
