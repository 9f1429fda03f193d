"""Logs: one JSON object a line. Never a form's content, a query string, a token or an address.

Of a fault, the log names its kind and the places in the code, never its message: messages quote
what was being handled.
"""

import json
import logging
import sys
import time
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask, Response, g, request

log = logging.getLogger("towpath")


class _Lines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line of JSON."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info and record.exc_info[1]:
            line["fault"] = list(_faults(record.exc_info[1]))
        return json.dumps(line, default=str)


def _faults(error: BaseException | None) -> Iterator[dict[str, Any]]:
    while error is not None:
        frames = traceback.extract_tb(error.__traceback__)
        yield {
            "kind": f"{type(error).__module__}.{type(error).__qualname__}",
            "at": [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in frames],
        }
        error = error.__cause__ or error.__context__


def init_app(app: Flask) -> None:
    """Log each request by its rule, so that no value of an address is ever written down."""
    if not log.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(_Lines())
        log.addHandler(handler)
        log.propagate = False
    log.setLevel(app.config["LOG_LEVEL"])
    # Flask's own words would name the address, and an address may hold a link's token.
    app.log_exception = _broken  # type: ignore[method-assign, assignment]
    app.before_request(_begin)
    app.after_request(_end)


def _broken(error: Any) -> None:
    log.error("request.broken", exc_info=error)


def _begin() -> None:
    g.began = time.perf_counter()


def _end(answer: Response) -> Response:
    if request.endpoint != "static":
        facts = {
            "number": g.get("request_number"),
            "method": request.method,
            "rule": request.url_rule.rule if request.url_rule else None,
            "status": answer.status_code,
            "ms": round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1),
            "person": g.get("person_id"),  # not current_user: it may ask a broken database
        }
        log.info("request", extra={"facts": facts})
    return answer
