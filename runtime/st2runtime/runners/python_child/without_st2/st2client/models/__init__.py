"""A stand-in for `st2client.models`."""

from st2client.models.keyvalue import KeyValuePair

__all__ = ["KeyValuePair"]
