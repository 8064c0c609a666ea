"""What the functions in `datetime` do."""

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from st2lang.functions._outside import moment, outside
from st2lang.functions.overload import (
    Family,
    Int,
    Moment,
    Number,
    OptionalSpan,
    OptionalText,
    PlainMoment,
    Span,
    StrictInt,
    Text,
    Value,
)
from st2lang.functions.values import Env

family = Family()
function = family.function
properties = Family()

_ZERO = timedelta()
_DEFAULTS = (datetime(2000, 1, 1), datetime(2001, 2, 2))
"""Two days that differ in every part that a text may leave out."""
_DAY = timedelta(days=1)
_MICROSECOND = timedelta(microseconds=1)


def zone(offset: timedelta | None) -> tzinfo | None:
    """The time zone that is so far ahead of UTC. Raises ValueError for a day or more, of which the
    package makes datetimes that cannot be shown."""
    from dateutil.tz import tzoffset, tzutc

    if not offset:
        return None if offset is None else tzutc()
    if abs(offset) >= _DAY:
        raise ValueError("an offset is less than a day")
    return tzoffset(None, offset)


@function("datetime")
def datetime_of_parts(
    year: Int,
    month: Int,
    day: Int,
    hour: Int = 0,
    minute: Int = 0,
    second: Int = 0,
    microsecond: Int = 0,
    offset: Span = _ZERO,
) -> datetime:
    return datetime(year, month, day, hour, minute, second, microsecond, zone(offset))


@function("datetime")
def datetime_of_timestamp(timestamp: Number, offset: Span = _ZERO) -> datetime:
    return datetime.fromtimestamp(timestamp, zone(offset))


@function("datetime")
def datetime_of_text(env: Env, string: Text, format_: OptionalText = None) -> datetime:
    result = datetime.strptime(string, format_) if format_ else _parsed(string, env)
    return result if result.tzinfo else result.replace(tzinfo=zone(_ZERO))


def _parsed(string: str, env: Env) -> datetime:
    """The time that a text means; what it leaves out is taken from today."""
    from dateutil import parser

    one, other = (parser.parse(string, default=default) for default in _DEFAULTS)
    if one == other:
        return one
    today = _local(env).replace(hour=0, minute=0, second=0, microsecond=0)
    return parser.parse(string, default=today)


def _local(env: Env) -> datetime:
    """The local time, without a zone."""
    around = outside(env[None])
    return (moment(around.now()) + timedelta(seconds=around.zone())).replace(tzinfo=None)


@function("timespan")
def timespan(
    days: Int = 0,
    hours: Int = 0,
    minutes: Int = 0,
    seconds: StrictInt = 0,
    milliseconds: StrictInt = 0,
    microseconds: StrictInt = 0,
) -> timedelta:
    return timedelta(days, seconds, microseconds, milliseconds, minutes, hours)


@function("now")
def now(env: Env, offset: OptionalSpan = _ZERO) -> datetime:
    there = zone(offset)
    return _local(env) if there is None else moment(outside(env[None]).now()).astimezone(there)


@function("localtz")
def local_zone(env: Env) -> timedelta:
    return timedelta(seconds=outside(env[None]).zone())


@function("utctz")
def utc_zone() -> timedelta:
    return _ZERO


@function("isDatetime")
def is_datetime(value: Value) -> bool:
    return isinstance(value, datetime)


@function("isTimespan")
def is_timespan(value: Value) -> bool:
    return isinstance(value, timedelta)


def _unit(name: str, microseconds: float) -> None:
    @properties.function(name)
    def whole(obj: Span) -> float:
        return (obj // _MICROSECOND) / microseconds


@properties.function("microseconds")
def microseconds(obj: Span) -> int:
    return obj // _MICROSECOND


_unit("milliseconds", 1e3)
_unit("seconds", 1e6)
_unit("minutes", 6e7)
_unit("hours", 3.6e9)
_unit("days", 8.64e10)


def _part(name: str) -> None:
    @properties.function(name)
    def part(obj: PlainMoment) -> Any:
        return getattr(obj, name)


for _name in ("year", "month", "day", "hour", "minute", "second", "microsecond"):
    _part(_name)


@properties.function("weekday")
def weekday(obj: PlainMoment) -> int:
    return obj.weekday()


@properties.function("offset")
def offset(obj: PlainMoment) -> timedelta:
    return obj.utcoffset() or _ZERO


@properties.function("timestamp")
def timestamp(obj: PlainMoment) -> float:
    # One without a time zone is an error here, as it is in the package.
    return (utc(obj) - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()


@properties.function("date")
def date(obj: Moment) -> datetime:
    return datetime(obj.year, obj.month, obj.day, tzinfo=obj.tzinfo)


@properties.function("time")
def time(obj: Moment) -> timedelta:
    return obj - date(obj)


@properties.function("utc")
def utc(obj: Moment) -> datetime:
    """The package keeps the time zone and moves the clock: not the same moment, but what it gives."""
    return obj - (obj.utcoffset() or _ZERO)
