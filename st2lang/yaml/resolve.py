"""What a scalar means: YAML 1.1 as PyYAML's SafeLoader resolves and constructs it.

StackStorm loads packs and workflows with PyYAML, so `on` is true, `010` is eight, `1:30` is ninety
and `2020-01-01` is a date; an editor that reads YAML 1.2 would tell its users something else. The
rules are those of PyYAML's `resolver.py` and `constructor.py` (5.1 to 6.0).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC
from enum import Enum
from functools import lru_cache
from typing import Any


class Marker(Enum):
    """Values that no YAML text has."""

    UNSET = "unset"
    MERGE = "<<"
    VALUE = "="

    def __repr__(self) -> str:
        return f"<{self.name.lower()}>"


UNSET = Marker.UNSET
MERGE = Marker.MERGE

TAG = "tag:yaml.org,2002:"

WORDS: dict[str, Any] = {
    "": None,
    "~": None,
    "<<": MERGE,
    **{
        form: value
        for word, value in (
            ("null", None),
            ("yes", True),
            ("true", True),
            ("on", True),
            ("no", False),
            ("false", False),
            ("off", False),
        )
        for form in (word, word.capitalize(), word.upper())
    },
}
"""Plain words that are not strings. `=` is one more, but PyYAML cannot construct it."""

NUMERIC = frozenset("+-.0123456789")
"""First characters of plain scalars that may be a number or a timestamp."""

_INF = float("inf")
_NAN = float("nan")  # one object, so that two `.nan` keys are one key as in PyYAML


def resolve_plain(value: str) -> Any:
    """The data of a plain scalar without a tag.

    Raises ValueError (or OverflowError) where PyYAML does: a timestamp such as `2020-02-31`, a
    number such as `0x_`.
    """
    if value[:1] in NUMERIC and value:
        return _resolve_number(value)
    return WORDS.get(value, value)


def construct_scalar(value: str, plain: bool, tag: str | None) -> Any:
    """The data of a scalar, or its text where PyYAML would fail. `tag` is None when not given."""
    if tag is None and not plain:
        return value
    try:
        return resolve_plain(value) if tag is None else construct_tagged(value, tag)
    except (ValueError, OverflowError, KeyError):
        return value


def construct_tagged(value: str, tag: str) -> Any:
    """The data of a scalar with an explicit tag, whatever its style.

    Raises KeyError for a tag that SafeLoader does not know for scalars and ValueError (or
    OverflowError) when the text does not fit the tag.
    """
    if tag == "!":
        return resolve_plain(value)
    constructor = _CONSTRUCTORS.get(tag.removeprefix(TAG)) if tag.startswith(TAG) else None
    if constructor is None:
        raise KeyError(tag)
    return constructor(value)


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Float, int and timestamp, compiled when the first number is met."""
    number = re.compile(
        r"[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?"
        r"|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?"
        r"|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*"
        r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
    )
    integer = re.compile(
        r"[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+"
        r"|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+"
    )
    timestamp = re.compile(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
        r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}"
        r"(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?"
    )
    return number, integer, timestamp


def _resolve_number(value: str) -> Any:
    number, integer, timestamp = _patterns()
    if number.fullmatch(value):
        return _construct_float(value)
    if integer.fullmatch(value):
        return _construct_int(value)
    if timestamp.fullmatch(value):
        return _construct_timestamp(value)
    return value


def _signed(value: str) -> tuple[int, str]:
    value = value.replace("_", "")
    sign = -1 if value[:1] == "-" else 1
    return sign, value[1:] if value[:1] in ("-", "+") else value


def _sexagesimal(parts: list[Any]) -> Any:
    """`1:30:00` as seconds: base 60, the last part the units."""
    total: Any = 0
    base = 1
    for part in reversed(parts):
        total += part * base
        base *= 60
    return total


def _construct_int(value: str) -> int:
    sign, digits = _signed(value)
    if digits == "0":
        return 0
    if digits.startswith("0b"):
        return sign * int(digits[2:], 2)
    if digits.startswith("0x"):
        return sign * int(digits[2:], 16)
    if digits[:1] == "0":
        return sign * int(digits, 8)
    if ":" in digits:
        return sign * int(_sexagesimal([int(part) for part in digits.split(":")]))
    return sign * int(digits)


def _construct_float(value: str) -> float:
    sign, digits = _signed(value.lower())
    if digits == ".inf":
        return sign * _INF
    if digits == ".nan":
        return _NAN
    if ":" in digits:
        return sign * float(_sexagesimal([float(part) for part in digits.split(":")]))
    return sign * float(digits)


_TIMESTAMP = (
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
    r"(?:(?:[Tt]|[ \t]+)([0-9]{1,2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]*))?"
    r"(?:[ \t]*(?:(Z)|([-+])([0-9]{1,2})(?::([0-9]{2}))?))?)?"
)


def _construct_timestamp(value: str) -> Any:
    from datetime import date, datetime, timedelta, timezone

    match = re.fullmatch(_TIMESTAMP, value)
    if match is None:
        raise ValueError("not a timestamp")
    year, month, day, hour, minute, second, fraction, utc, sign, zone_hour, zone_minute = (
        match.groups()
    )
    if hour is None:
        return date(int(year), int(month), int(day))
    zone = UTC if utc else None
    if sign:
        offset = timedelta(hours=int(zone_hour), minutes=int(zone_minute or 0))
        zone = timezone(-offset if sign == "-" else offset)
    micros = int((fraction or "")[:6].ljust(6, "0"))
    return datetime(
        int(year), int(month), int(day), int(hour), int(minute), int(second), micros, zone
    )


def _construct_null(value: str) -> None:
    return None


def _construct_bool(value: str) -> bool:
    found = WORDS.get(value.lower())
    if not isinstance(found, bool):
        raise ValueError("not a boolean")
    return found


def _construct_binary(value: str) -> bytes:
    from base64 import decodebytes

    return decodebytes(value.encode("ascii"))


_CONSTRUCTORS: dict[str, Callable[[str], Any]] = {
    "null": _construct_null,
    "bool": _construct_bool,
    "int": _construct_int,
    "float": _construct_float,
    "binary": _construct_binary,
    "timestamp": _construct_timestamp,
    "str": str,
}


def is_scalar_tag(tag: str) -> bool:
    """Whether SafeLoader makes scalars of this tag."""
    return tag.startswith(TAG) and tag.removeprefix(TAG) in _CONSTRUCTORS
