"""A stand-in for `st2common.util.date`."""

from __future__ import annotations

import datetime

__all__ = ["add_utc_tz", "get_datetime_utc_now"]


def get_datetime_utc_now() -> datetime.datetime:
    """Now, with the time zone UTC."""
    return datetime.datetime.now(datetime.timezone.utc)  # noqa: UP017, for Python 3.7


def add_utc_tz(value: datetime.datetime) -> datetime.datetime:
    """A time that is meant as UTC, saying so."""
    return value.replace(tzinfo=datetime.timezone.utc)  # noqa: UP017, for Python 3.7
