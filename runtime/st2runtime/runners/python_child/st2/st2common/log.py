"""A stand-in for `st2common.log`: Python's logging with one more level, and names below `st2`."""

from __future__ import annotations

import logging
from logging import CRITICAL, DEBUG, ERROR, INFO, WARNING

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing typing takes longer than all else here
    from typing import Any

__all__ = ["AUDIT", "CRITICAL", "DEBUG", "ERROR", "INFO", "WARNING", "getLogger"]

AUDIT = CRITICAL + 10
logging.addLevelName(AUDIT, "AUDIT")


class Logger(logging.Logger):
    """A logger that also has `audit`."""

    def audit(self, message: str, *arguments: Any, **more: Any) -> None:
        """Log on the level AUDIT."""
        self.log(AUDIT, message, *arguments, **more)


def getLogger(name: str) -> logging.Logger:  # noqa: N802, as logging calls it
    """The logger of this name, put below `st2` as StackStorm does."""
    full = name if name.startswith("st2") else "st2." + name
    before = logging.getLoggerClass()
    logging.setLoggerClass(Logger)
    try:
        return logging.getLogger(full)
    finally:
        logging.setLoggerClass(before)
