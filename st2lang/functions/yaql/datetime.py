"""Points and spans of time. Specified by the module `yaql.standard_library.date_time`."""

from st2lang.functions.record import Example, Function, Kind, family

_FUNCTIONS = family(
    "Dates and times",
    Function(
        "datetime",
        (
            "datetime(year: integer, month: integer, day: integer, hour: integer = 0, "
            "minute: integer = 0, second: integer = 0, microsecond: integer = 0, "
            "offset: timespan = timespan()) -> datetime",
            "datetime(timestamp: number, offset: timespan = timespan()) -> datetime",
            "datetime(string: string, format: string|null = null) -> datetime",
        ),
        "A point in time: from its parts, from seconds since 1970, or from text, in ISO 8601 or by a "
        "`strptime` pattern.",
        (
            Example("datetime(2024, 2, 29).format('%Y-%m-%d')", "2024-02-29"),
            Example("datetime('2024-02-29T12:30:00Z').hour", 12),
            Example("datetime(86400).day", 2),
        ),
    ),
    Function(
        "isDatetime",
        ("isDatetime(value: any) -> boolean",),
        "Whether the value is a point in time. Text is none.",
        (Example("isDatetime(now())", True), Example("isDatetime('2024-02-29')", False)),
    ),
    Function(
        "isTimespan",
        ("isTimespan(value: any) -> boolean",),
        "Whether the value is a span of time.",
        (Example("isTimespan(timespan(hours => 1))", True),),
    ),
    Function(
        "localtz",
        ("localtz() -> timespan",),
        "How far the server's local time is ahead of UTC.",
        (Example("isTimespan(localtz())", True),),
    ),
    Function(
        "now",
        ("now(offset: timespan|null = timespan()) -> datetime",),
        "The present moment, in UTC or at an offset from it.",
        (Example("isDatetime(now())", True),),
    ),
    Function(
        "timespan",
        (
            "timespan(days: integer = 0, hours: integer = 0, minutes: integer = 0, "
            "seconds: integer = 0, milliseconds: integer = 0, microseconds: integer = 0) "
            "-> timespan",
        ),
        "A span of time. Its `days`, `hours`, `minutes` … are the whole span in that unit.",
        (Example("timespan(hours => 1, minutes => 30).minutes", 90.0),),
    ),
    Function(
        "utctz",
        ("utctz() -> timespan",),
        "The offset of UTC: a span of no length.",
        (Example("utctz().seconds", 0.0),),
    ),
)

_DATE = "datetime(2024, 2, 29, 12, 30, 15, 5)"
_SPAN = "timespan(days => 1, hours => 12)"


def _property(owner: str, name: str, returns: str, doc: str, result: object = None) -> Function:
    value = _DATE if owner == "datetime" else _SPAN
    examples = () if result is None else (Example(f"{value}.{name}", result),)
    return Function(name, (f"{owner}.{name} -> {returns}",), doc, examples, kind=Kind.PROPERTY)


_PROPERTIES = family(
    "Properties of dates and times",
    _property("datetime", "date", "datetime", "The same day at midnight."),
    _property("datetime", "day", "integer", "The day of the month.", 29),
    _property("timespan", "days", "number", "The whole span in days.", 1.5),
    _property("datetime", "hour", "integer", "The hour, 0 to 23.", 12),
    _property("timespan", "hours", "number", "The whole span in hours.", 36.0),
    _property("datetime", "microsecond", "integer", "The microseconds of the second.", 5),
    _property(
        "timespan", "microseconds", "number", "The whole span in microseconds.", 129600000000
    ),
    _property("timespan", "milliseconds", "number", "The whole span in milliseconds.", 129600000.0),
    _property("datetime", "minute", "integer", "The minute, 0 to 59.", 30),
    _property("timespan", "minutes", "number", "The whole span in minutes.", 2160.0),
    _property("datetime", "month", "integer", "The month, 1 to 12.", 2),
    _property("datetime", "offset", "timespan", "How far it is ahead of UTC."),
    _property("datetime", "second", "integer", "The second, 0 to 59.", 15),
    _property("timespan", "seconds", "number", "The whole span in seconds.", 129600.0),
    _property("datetime", "time", "timespan", "The time since midnight."),
    _property("datetime", "timestamp", "number", "Seconds since 1970.", 1709209815.000005),
    _property("datetime", "utc", "datetime", "The same moment in UTC."),
    _property("datetime", "weekday", "integer", "The day of the week, Monday being 0.", 3),
    _property("datetime", "year", "integer", "The year.", 2024),
)

FUNCTIONS = (*_FUNCTIONS, *_PROPERTIES)
