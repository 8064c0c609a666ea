"""A stand-in for `st2client.models.keyvalue`."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing typing takes longer than all else here
    from typing import Any


__all__ = ["KeyValuePair"]


class KeyValuePair:
    """A key of the datastore."""

    def __init__(self, **attributes: Any) -> None:
        self.id: Any = None
        self.name: Any = None
        self.value: Any = None
        self.scope: Any = None
        self.user: Any = None
        self.ttl: Any = None
        self.secret = False
        self.encrypted = False
        self.expire_timestamp: Any = None
        self.__dict__.update(attributes)
        self.id = self.id or self.name

    def __repr__(self) -> str:
        return f"<KeyValuePair name={self.name},scope={self.scope}>"
