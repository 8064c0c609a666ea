"""What the functions in `regex` do."""

import re
from collections.abc import Iterator
from typing import Any

from st2lang.functions.failure import EvaluationError
from st2lang.functions.overload import (
    Family,
    InNames,
    Int,
    OptionalFlag,
    OptionalInNames,
    Pattern,
    Text,
    Value,
)
from st2lang.functions.values import Env, FrozenDict

family = Family()
function, method = family.function, family.method


@function("regex")
def regex(
    pattern: Text,
    ignore_case: OptionalFlag = False,
    multi_line: OptionalFlag = False,
    dot_all: OptionalFlag = False,
) -> re.Pattern[str]:
    wanted = ((ignore_case, re.IGNORECASE), (multi_line, re.MULTILINE), (dot_all, re.DOTALL))
    return re.compile(pattern, sum(flag for given, flag in wanted if given))


@method("matches")
def matches(regexp: Pattern, string: Text) -> bool:
    return regexp.search(string) is not None


@method("matches")
def matches_pattern(string: Text, regexp: Text) -> bool:
    return re.search(regexp, string) is not None


def _publish(env: Env, match: re.Match[str]) -> None:
    """`$` and `$1` are the match, `$2` its first group and so on.

    The package stumbles over named groups, whatever they have matched; so a workflow that runs here
    must not use them either.
    """
    if match.re.groupindex:
        raise EvaluationError(
            "StackStorm's YAQL fails for a pattern with named groups; refer to groups by number: "
            "`$2.value` is the first"
        )
    for index in range(len(match.groups()) + 1):
        env[f"${index + 1}"] = _part(match, index)


def _part(match: re.Match[str], group: int) -> FrozenDict:
    start, end = match.span(group)
    return FrozenDict(value=match[group], start=start, end=end)


@method("search")
def search(env: Env, regexp: Pattern, string: Text, selector: OptionalInNames = None) -> Any:
    match = regexp.search(string)
    if match is None or selector is None:
        return match and match.group()
    inner = env.copy()
    _publish(inner, match)
    return selector(inner)


@method("searchAll")
def search_all(
    env: Env, regexp: Pattern, string: Text, selector: OptionalInNames = None
) -> Iterator[Any]:
    for match in regexp.finditer(string):
        if selector is None:
            yield match.group()
        else:
            inner = env.copy()
            _publish(inner, match)
            yield selector(inner)


@method("replaceBy")
def replace_by(env: Env, regexp: Pattern, string: Text, repl: InNames, count: Int = 0) -> str:
    def replacement(match: re.Match[str]) -> Any:
        inner = env.copy()
        _publish(inner, match)
        return repl(inner)

    return regexp.sub(replacement, string, count)


@method("replaceBy")
def replace_by_too(env: Env, string: Text, regexp: Pattern, repl: InNames, count: Int = 0) -> str:
    return replace_by(env, regexp, string, repl, count)


@function("escapeRegex")
def escape_regex(string: Text) -> str:
    return re.escape(string)


@function("isRegex")
def is_regex(value: Value) -> bool:
    return isinstance(value, re.Pattern)
