"""A key with its value as it is kept and as it is shown, and what may be one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from st2lang.record import record
from st2lang.suggest import did_you_mean, listing
from st2runtime.datastore.errors import DatastoreError

SCOPES = ("system", "user")
DEFAULT_USER = "stanley"
"""Whose user keys are meant: StackStorm's own user, as there when nobody has logged in."""
MASK = "********"
MAX_VALUE = 16 * 1024 * 1024
"""The longest value in bytes of UTF-8: what a document of StackStorm's database may hold."""
MAX_TTL = 100 * 365 * 86400
"""The longest time to live in seconds."""
LATEST = 253_402_300_799
"""The last second that can be written as a time: the end of the year 9999."""

_LONG_SCOPES = {"st2kv.system": "system", "st2kv.user": "user"}


@record
class Entry:
    """A key to be written. `expires` is a time in seconds since 1970, None for never.

    `user` is empty in the scope `system`.
    """

    name: str
    value: str
    scope: str = "system"
    user: str = ""
    secret: bool = False
    expires: float | None = None

    def __repr__(self) -> str:
        return f"Entry({self.name!r}, {MASK if self.secret else self.value!r}, {self.scope!r})"


@record
class Item:
    """A key that was read. `value` is the ciphertext where `encrypted` is true.

    The names of the attributes are those of st2client's KeyValuePair, which pack actions know.
    """

    name: str
    value: str
    scope: str = "system"
    user: str = ""
    secret: bool = False
    encrypted: bool = False
    expires: float | None = None

    def __repr__(self) -> str:
        return f"Item({self.name!r}, {MASK if self.secret else self.value!r}, {self.scope!r})"

    @property
    def shown(self) -> str:
        """The value for output: a secret that was not decrypted is masked."""
        return MASK if self.encrypted else self.value

    @property
    def expire_timestamp(self) -> str | None:
        """When it expires, as StackStorm writes times (ISO 8601, UTC); None for never."""
        return None if self.expires is None else timestamp(self.expires)

    def data(self) -> dict[str, Any]:
        """What `st2 key list --json` says of a key; `load` takes it. Secrets are masked."""
        found: dict[str, Any] = {
            "name": self.name,
            "value": self.shown,
            "secret": self.secret,
            "encrypted": self.encrypted,
            "scope": self.scope,
        }
        if self.scope == "user":
            found["user"] = self.user
        if self.expires is not None:
            found["expire_timestamp"] = self.expire_timestamp
        return found


def timestamp(seconds: float) -> str:
    """Seconds since 1970 as StackStorm writes times: `2030-01-01T00:00:00.000000Z`."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def checked_scope(scope: str) -> str:
    """The short name of a scope; `st2kv.system` and `st2kv.user` are StackStorm's long names."""
    found = _LONG_SCOPES.get(scope, scope)
    if found not in SCOPES:
        near = did_you_mean(scope, SCOPES)
        raise DatastoreError(f"there is no scope `{scope}`: it is {listing(SCOPES)}{near}")
    return found


def checked_owner(scope: str, user: str) -> str:
    """Whose key it is: nobody's (an empty text) in the scope `system`."""
    if scope == "system":
        return ""
    if not user:
        raise DatastoreError("a key of the scope `user` needs the name of a user")
    return checked_text(user, "the name of the user")


def checked_name(name: str) -> str:
    """The name of a key; any text but the empty one."""
    if not name:
        raise DatastoreError("the name of a key is empty")
    return checked_text(name, "the name of the key")


def checked_value(name: str, value: str) -> str:
    """The value of a key; any text up to 16 MiB."""
    checked_text(value, f"the value of `{name}`")
    if len(value) * 4 > MAX_VALUE and len(value.encode()) > MAX_VALUE:
        raise DatastoreError(f"the value of `{name}` is too long: at most 16 MiB can be kept")
    return value


def checked_text(text: str, what: str) -> str:
    """A text that can be written as UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise DatastoreError(f"{what} is not text: it has bytes that are no UTF-8") from None
    return text


def checked_expiry(expires: float | None) -> float | None:
    """When a key expires: a time that there is."""
    if expires is not None and not 0 <= expires <= LATEST:
        raise DatastoreError("a key can expire in the years from 1970 to 9999 only")
    return expires


def expiry(ttl: float | None, now: float) -> float | None:
    """When something with this time to live in seconds expires; None and 0 mean never.

    Specified by `st2common.models.api.keyvalue`, which takes 0 for none as well.
    """
    if not ttl:
        return None
    if not 0 < ttl <= MAX_TTL:
        raise DatastoreError("a time to live is a number of seconds from 1 up to 100 years")
    return now + ttl
