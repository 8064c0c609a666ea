"""What the functions in `stackstorm` and `orquesta` do that look at nothing but their arguments.

Specified by `st2common.expressions.functions`. Jinja calls them as they are; for YAQL the annotations
say what the types of the parameters are.
"""

import json
import posixpath
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any

from st2lang.functions.overload import (
    Family,
    OptionalFlag,
    OptionalInt,
    Takes,
)
from st2lang.functions.values import ATOMS, FrozenDict

if TYPE_CHECKING:
    from semver import Version

Separators = Annotated[Any, Takes("list", tuple, nullable=True)]

NONE = "%*****__%NONE%__*****%"
"""What `use_none` writes for null; the cast of a parameter reads it."""


def read_json_or_dict(s: Any) -> Any:
    if isinstance(s, FrozenDict):
        raise TypeError("in YAQL, StackStorm takes text only, no dict")
    if isinstance(s, dict):
        return s
    if not isinstance(s, str):
        raise TypeError("JSON is text, and this is none")
    return json.loads(s)


def from_json_string(value: Any) -> Any:
    """As the package orjson reads JSON: no NaN, and numbers beyond 64 bits are floats."""
    text = str(value)
    long = _integer if re.search(r"\d{19}", text) else None
    return json.loads(text, parse_constant=_no_constant, parse_int=long)


def _integer(digits: str) -> int | float:
    number = int(digits)
    return number if -(2**63) <= number < 2**64 else float(digits)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def from_yaml_string(value: Any) -> Any:
    import yaml

    return yaml.safe_load(str(value))


def to_json_string(
    value: Any,
    indent: Any = None,
    sort_keys: OptionalFlag = False,
    separators: Separators = (",", ": "),
) -> str:
    return json.dumps(
        _writable(value), indent=indent, sort_keys=bool(sort_keys), separators=separators
    )


def to_yaml_string(value: Any, indent: Any = None, allow_unicode: OptionalFlag = True) -> str:
    import yaml

    options = {} if indent is None else {"indent": indent}
    if allow_unicode is not None:
        options["allow_unicode"] = allow_unicode
    plain = _writable(value)
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)  # as StackStorm: no `...` after a scalar
    return yaml.dump(plain, Dumper=dumper, default_flow_style=False, **options)  # type: ignore[no-any-return]


def _writable(value: Any) -> Any:
    """Data that can be written. In YAQL, StackStorm knows how to write dicts and what is in them, but
    stumbles over dicts in lists (`st2common.util.db.mongodb_to_python_types`)."""
    if isinstance(value, Mapping):
        return {key: _writable(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_writable(part) for part in value]
    _check_writable(value)
    return value


def _check_writable(value: Any) -> None:
    if isinstance(value, FrozenDict):
        raise TypeError(
            "in YAQL, StackStorm cannot write a dict that is in a list; in Jinja it can: "
            "`{{ … | to_json_string }}`"
        )
    if isinstance(value, tuple):
        for part in value:
            if type(part) not in ATOMS:
                _check_writable(part)


def json_escape(value: Any) -> str:
    _check_writable(value)
    return json.dumps(value).strip('"')


def jsonpath_query(value: Any, query: Any) -> Any:
    from st2lang.functions import _jsonpath

    return _jsonpath.query(value, query)


def to_complex(value: Any) -> str:
    return json.dumps(value)


def use_none(value: Any) -> Any:
    return NONE if value is None else value


def _text(value: Any) -> str:
    return value if isinstance(value, str) else str(value)


def regex_match(value: Any, pattern: Any, ignorecase: OptionalFlag = False) -> bool:
    return re.match(pattern, _text(value), re.I if ignorecase else 0) is not None


def regex_replace(
    value: Any, pattern: Any, replacement: Any, ignorecase: OptionalFlag = False
) -> str:
    return re.sub(pattern, replacement, _text(value), flags=re.I if ignorecase else 0)


def regex_search(value: Any, pattern: Any, ignorecase: OptionalFlag = False) -> bool:
    return re.search(pattern, _text(value), re.I if ignorecase else 0) is not None


def regex_substring(
    value: Any, pattern: Any, result_index: OptionalInt = 0, ignorecase: OptionalFlag = False
) -> Any:
    return re.findall(pattern, _text(value), re.I if ignorecase else 0)[result_index]  # type: ignore[index]


def _version(value: Any) -> "Version":
    from semver import Version

    return Version.parse(value)


def version_compare(value: Any, pattern: Any) -> int:
    return _version(value).compare(pattern)


def version_more_than(value: Any, pattern: Any) -> bool:
    return version_compare(value, pattern) == 1


def version_less_than(value: Any, pattern: Any) -> bool:
    return version_compare(value, pattern) == -1


def version_equal(value: Any, pattern: Any) -> bool:
    return version_compare(value, pattern) == 0


def version_match(value: Any, pattern: Any) -> bool:
    return _version(value).match(pattern)


def version_bump_major(value: Any) -> str:
    return str(_version(value).bump_major())


def version_bump_minor(value: Any) -> str:
    return str(_version(value).bump_minor())


def version_bump_patch(value: Any) -> str:
    return str(_version(value).bump_patch())


def version_strip_patch(value: Any) -> str:
    version = _version(value)
    return f"{version.major}.{version.minor}"


def basename(path: Any) -> Any:
    return posixpath.basename(path)


def dirname(path: Any) -> Any:
    return posixpath.dirname(path)


_YEAR, _DAY, _HOUR, _MINUTE = 365 * 86400, 86400, 3600, 60


def to_human_time_from_seconds(seconds: Any) -> str:
    if not isinstance(seconds, int | float):
        raise TypeError("the seconds must be a number")
    if seconds == 0:
        return "0s"
    if seconds < 1:
        return f"{seconds}\u03bcs"
    return _human(round(seconds))


def _human(seconds: int) -> str:
    """Seconds in years, days, hours, minutes and seconds, counted as a calendar from year 1 does."""
    import datetime

    moment = datetime.datetime(1, 1, 1) + datetime.timedelta(seconds=seconds)
    parts = (moment.year - 1, moment.day - 1, moment.hour, moment.minute, moment.second)
    first = next((index for index, part in enumerate(parts) if part), 4)
    return "".join(f"{parts[i]}{'ydhms'[i]}" for i in range(first, 5))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "basename": basename,
    "dirname": dirname,
    "from_json_string": from_json_string,
    "from_yaml_string": from_yaml_string,
    "json": read_json_or_dict,
    "json_dump": to_json_string,
    "json_escape": json_escape,
    "json_parse": from_json_string,
    "jsonpath_query": jsonpath_query,
    "regex_match": regex_match,
    "regex_replace": regex_replace,
    "regex_search": regex_search,
    "regex_substring": regex_substring,
    "to_human_time_from_seconds": to_human_time_from_seconds,
    "to_json_string": to_json_string,
    "to_yaml_string": to_yaml_string,
    "use_none": use_none,
    "version_bump_major": version_bump_major,
    "version_bump_minor": version_bump_minor,
    "version_bump_patch": version_bump_patch,
    "version_compare": version_compare,
    "version_equal": version_equal,
    "version_less_than": version_less_than,
    "version_match": version_match,
    "version_more_than": version_more_than,
    "version_strip_patch": version_strip_patch,
    "yaml_dump": to_yaml_string,
    "yaml_parse": from_yaml_string,
}
"""What both languages call by name in Orquesta."""

family = Family()
for _name, _call in FUNCTIONS.items():
    family.function(_name)(_call)
