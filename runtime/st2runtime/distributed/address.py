"""The URL of a database: read from the arguments, shown without its password."""

from __future__ import annotations

import importlib.util
import os
import re
from urllib.parse import parse_qsl, unquote, urlsplit

from st2runtime.journal.errors import JournalError

VARIABLE = "ST2C_DATABASE"
QUEUE = "default"
"""The queue of what says no other."""
_SCHEMES = ("postgresql", "postgres")
_PUBLIC = ("host", "port", "dbname", "sslmode")


class UnreachableError(JournalError):
    """The database does not answer, or has ended the connection: it may be back in a moment."""


class Address:
    """Where a database is. `url` may hold a password, `shown` never does."""

    def __init__(self, url: str) -> None:
        """Raises `JournalError` for what is no URL of PostgreSQL, and when its client is missing."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise JournalError(_WRONG) from None
        if parts.scheme not in _SCHEMES:
            raise JournalError(_WRONG)
        for package in ("psycopg", "dbos"):
            if importlib.util.find_spec(package) is None:
                raise JournalError(
                    f"a database needs the package `{package}`: `pip install 'st2lang[distributed]'`"
                )
        self.url = re.sub("^postgres(ql)?:", "postgresql:", url)
        told = [(name, value) for name, value in parse_qsl(parts.query) if name in _PUBLIC]
        more = "&".join(f"{name}={value}" for name, value in told)
        host = parts.hostname or ""
        place = f"{unquote(host)}{f':{port}' if port else ''}{parts.path}"
        self.shown = f"postgresql://{place}{f'?{more}' if more else ''}"

    @property
    def sqlalchemy(self) -> str:
        """The URL as SQLAlchemy wants it."""
        return self.url.replace("postgresql:", "postgresql+psycopg:", 1)


_WRONG = (
    "the database is named by a URL such as `postgresql://st2c@db.example.com/st2c` "
    f"(with `--database` or {VARIABLE})"
)


def named(given: str | None) -> str:
    """The URL that an argument or the environment names; "" for none."""
    return given or os.environ.get(VARIABLE) or ""
