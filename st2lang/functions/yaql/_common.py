"""What the functions in `common` do: those with overloads for values of many types."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from st2lang.functions.overload import (
    MISSING,
    Dict,
    Family,
    Flag,
    Int,
    Items,
    Lambda,
    Lazy,
    Listed,
    Members,
    Moment,
    OptionalInt,
    OptionalSpan,
    OptionalText,
    Pattern,
    Text,
    Unordered,
    Value,
)
from st2lang.functions.values import SIZE, Env, limited
from st2lang.functions.yaql._collections import delete_all, in_range
from st2lang.functions.yaql._datetime import zone
from st2lang.functions.yaql._operators import binary, join_texts
from st2lang.functions.yaql._queries import aggregate, remembered
from st2lang.functions.yaql._strings import text

family = Family()
function, method, both = family.function, family.method, family.both


@function("concat")
def concat_texts(env: Env, *args: Text) -> str:
    return join_texts(env, *args)


@both("concat")
def concat_lists(*collections: Items) -> Iterator[Any]:
    return chain(*collections)


@method("delete")
def delete_keys(dict_: Dict, *keys: Value) -> dict[Any, Any]:
    return delete_all(dict_, keys)


@method("delete")
def delete(collection: Items, position: Int, count: Int = 1) -> Iterator[Any]:
    return (item for index, item in enumerate(collection) if not in_range(index, position, count))


@method("format")
def format_datetime(dt: Moment, format_: Text) -> str:
    return dt.strftime(format_)


@method("indexOf")
def index_of_text(string: Text, sub: Text, start: Int = 0) -> int:
    return string.find(sub, start)


@method("indexOf")
def index_of_text_within(string: Text, sub: Text, start: Int, length: Int) -> int:
    return string.find(sub, *_window(string, start, length))


@method("indexOf")
def index_of(collection: Items, item: Value) -> int:
    return next((index for index, other in enumerate(collection) if other == item), -1)


@method("lastIndexOf")
def last_index_of_text(string: Text, sub: Text, start: Int = 0) -> int:
    return string.rfind(sub, start)


@method("lastIndexOf")
def last_index_of_text_within(string: Text, sub: Text, start: Int, length: Int) -> int:
    return string.rfind(sub, *_window(string, start, length))


def _window(string: str, start: int, length: int) -> tuple[int, int]:
    """Begin and end of the part of a text that is searched."""
    begin = start + len(string) if start < 0 else start
    return begin, len(string) if length < 0 else begin + length


@method("lastIndexOf")
def last_index_of(collection: Items, item: Value) -> int:
    found = -1
    for index, other in enumerate(collection):
        if other == item:
            found = index
    return found


@method("insert")
def insert_lazily(collection: Unordered, position: Int, value: Value) -> Iterator[Any]:
    last = -1
    for last, item in enumerate(collection):
        if last == position:
            yield value
        yield item
    if position > last:
        yield value


@method("insert")
def insert(collection: Listed, position: Int, value: Value) -> list[Any]:
    result = list(collection)
    result.insert(position, value)
    return result


@both("isEmpty")
def is_empty(string: OptionalText, trim: Flag = True, chars: OptionalText = None) -> bool:
    return not (string and (string.strip(chars) if trim else string))


@method("join")
def join_list(env: Env, sequence: Items, separator: Text) -> str:
    parts = [text(env, item) for item in sequence]
    env[None].make(sum(map(len, parts)) + len(separator) * len(parts))
    return separator.join(parts)


@method("join")
def join_with(env: Env, separator: Text, sequence: Items) -> str:
    return join_list(env, sequence, separator)


@method("join")
def join(
    collection1: Items, collection2: Items, predicate: Lambda, selector: Lambda
) -> Iterator[Any]:
    others = remembered(collection2) if isinstance(collection2, Iterator) else collection2
    for item in collection1:
        for other in others:
            if predicate(item, other):
                yield selector(item, other)


@both("len")
def length_of_text(string: Text) -> int:
    return len(string)


@both("len")
def length_of_list(sequence: Listed) -> int:
    return len(sequence)


@both("len")
def length_of_dict(dict_: Dict) -> int:
    return len(dict_)


@both("len")
def length_of_set(set_: Members) -> int:
    return len(set_)


@both("len")
def length(env: Env, collection: Lazy) -> int:
    return sum(1 for _ in limited(collection, env[None]))


@function("max")
def greater(env: Env, a: Value, b: Value) -> Any:
    return b if binary(">", env)(b, a) else a


@method("max")
def greatest(env: Env, collection: Items, initial: Value = MISSING) -> Any:
    return aggregate(collection, lambda a, b: greater(env, a, b), initial)


@function("min")
def lesser(env: Env, a: Value, b: Value) -> Any:
    return a if binary(">", env)(b, a) else b


@method("min")
def least(env: Env, collection: Items, initial: Value = MISSING) -> Any:
    return aggregate(collection, lambda a, b: lesser(env, a, b), initial)


@method("replace")
def replace_text(env: Env, string: Text, old: Text, new: Text, count: Int = -1) -> str:
    if len(string) * len(new) > SIZE:
        times = string.count(old)
        env[None].make(len(string) + (times if count < 0 else min(times, count)) * len(new))
    return string.replace(old, new, count)


@method("replace")
def replace_texts(env: Env, string: Text, replacements: Dict, count: Int = -1) -> str:
    for old, new in replacements.items():
        string = replace_text(env, string, text(env, old), text(env, new), count)
    return string


@method("replace")
def replace_matches(env: Env, string: Text, regexp: Pattern, repl: Text, count: Int = 0) -> str:
    if len(string) * len(repl) > SIZE:
        times = sum(1 for _ in regexp.finditer(string))
        env[None].make((min(times, count) if count else times) * len(repl))
    return regexp.sub(repl, string, count)


@method("replace")
def replace_matches_in(env: Env, regexp: Pattern, string: Text, repl: Text, count: Int = 0) -> str:
    return replace_matches(env, string, regexp, repl, count)


@method("replace")
def replace(collection: Items, position: Int, value: Value, count: Int = 1) -> Iterator[Any]:
    done = False
    for index, item in enumerate(collection):
        if not in_range(index, position, count):
            yield item
        elif not done:
            yield value
            done = True


@method("replace")
def replace_parts(
    dt: Moment,
    year: OptionalInt = None,
    month: OptionalInt = None,
    day: OptionalInt = None,
    hour: OptionalInt = None,
    minute: OptionalInt = None,
    second: OptionalInt = None,
    microsecond: OptionalInt = None,
    offset: OptionalSpan = None,
) -> Any:
    parts = {
        "year": year,
        "month": month,
        "day": day,
        "hour": hour,
        "minute": minute,
        "second": second,
        "microsecond": microsecond,
        "tzinfo": None if offset is None else zone(offset),
    }
    return dt.replace(**{name: part for name, part in parts.items() if part is not None})  # type: ignore[arg-type]


@method("split")
def split_text(string: Text, separator: OptionalText = None, max_splits: Int = -1) -> list[str]:
    return string.split(separator, max_splits)


@method("split")
def split_at_matches(string: Text, regexp: Pattern, max_split: Int = 0) -> list[str | Any]:
    return regexp.split(string, max_split)


@method("split")
def split_by(regexp: Pattern, string: Text, max_split: Int = 0) -> list[str | Any]:
    return regexp.split(string, max_split)
