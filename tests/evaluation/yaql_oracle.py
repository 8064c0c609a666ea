"""What the yaql package gives for an expression, and expressions that try each of its overloads."""

from __future__ import annotations

import collections.abc  # needed by yaql, which does not import it
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import yaql
    from yaql.language import specs, utils, yaqltypes

LIMIT = 500
"""How many elements a lazy list may give in the tests, in the package and in ours."""

_ENGINE = yaql.YaqlFactory().create({"yaql.limitIterators": LIMIT})
_ROOT = yaql.create_context()

Pick = Callable[[Sequence[Any]], Any]
"""Chooses one of several: a random generator's `choice`, or what Hypothesis draws."""


def reference(expression: str, data: object) -> tuple[str, Any]:
    """`("value", it)` or `("error", the exception)`."""
    try:
        found = _ENGINE(expression).evaluate(data=data, context=_ROOT.create_child_context())
        return "value", shape(found)
    except Exception as error:
        return "error", error


def shape(value: Any) -> Any:
    """A value in a form that tells 1, 1.0 and true apart, whatever the order of sets."""
    if isinstance(value, dict):
        return {"dict": sorted(((shape(k), shape(v)) for k, v in value.items()), key=repr)}
    if isinstance(value, set | frozenset):
        return {"set": sorted((shape(member) for member in value), key=repr)}
    if isinstance(value, list | tuple):
        return [shape(item) for item in value]
    if isinstance(value, collections.abc.Iterator):
        raise TypeError("a lazy list is no result")
    if isinstance(value, float) and value != value:
        return "nan"
    return (type(value).__name__, str(value))


class Call(NamedTuple):
    """One overload of the package."""

    name: str
    definition: specs.FunctionDefinition

    @property
    def title(self) -> str:
        """A name for reports."""
        kinds = ",".join(type(p.value_type).__name__ for p in self.parameters)
        return f"{self.name}({kinds})"

    @property
    def parameters(self) -> list[specs.ParameterDefinition]:
        """What an expression may pass, in order; `*` and `**` at the end."""
        visible = [
            p
            for p in self.definition.parameters.values()
            if not isinstance(p.value_type, yaqltypes.HiddenParameterType)
        ]
        return sorted(visible, key=lambda p: (p.position is None, p.position or 0))


def overloads() -> Iterator[Call]:
    """Every overload that a context of the package has, in a fixed order."""
    context = _ROOT
    while context is not None:
        for name, found in sorted(context._functions.items()):
            if context is _ROOT or name in ("#iter", "#finalize", "#get_context_data"):
                continue  # for Python objects that ask for it; inner workings
            calls = sorted((Call(name, fd) for fd in found), key=lambda c: (c.title, c.name))
            yield from calls
        context = context.parent


_TEXTS = (
    "''",
    "a",
    "'ab'",
    "'a,b'",
    "'  x '",
    "'2024-02-29'",
    "'12'",
    "'%Y'",
    "'b1'",
    "'é'",
    "$.text",
)
_INTEGERS = ("0", "1", "2", "3", "-1", "-2", "5", "$.number")
_NUMBERS = (*_INTEGERS, "1.5", "-0.5", "2.0", "$.float")
_LISTS = (
    "[]", "[1, 2, 3]", "[3, 1, 2, 1]", "[a, b]", "[[a, 1], [b, 2]]", "$.list", "$.deep", "[1, a]",
    "[true, 1]", "$.dicts", "'a,b'.split(',')", "[1, null]", "[[1, 2], [3]]", "[0, '', 2]",
)  # fmt: skip
_ITERATORS = (
    "range(3)", "[1, 2].select($ + 1)", "range(0)", "$.list.where($ > 1)", "sequence().limit(3)",
    "[2, 1].orderBy($)", "range(2).memorize()", "$.dict.values()",
)  # fmt: skip
_SETS = (
    "set()",
    "set(1, 2)",
    "set(2, 3, a)",
    "[1, 1].toSet()",
    "{a => 1}.keys()",
    "$.dict.items()",
)
_DICTS = (
    "{}", "{a => 1}", "{a => 1, b => 2}", "$.dict", "{1 => a}", "[1, 2].toDict($)",
    "{a => {b => [1]}}", "{a => {b => [2], c => 1}}", "{b => 3}", "{a => {c => 1}}.deleteAll([b])",
)  # fmt: skip
_MOMENTS = (
    "datetime(2024, 2, 29)", "datetime(2023, 12, 31, 23, 59, 58, 7)", "datetime('2024-02-29T10:00:00+02:00')",
    "datetime(86400)", "datetime(2024, 1, 1, offset => timespan(hours => 3))",
)  # fmt: skip
_SPANS = ("timespan()", "timespan(hours => 1)", "timespan(days => -1)", "timespan(seconds => 90)")
_REGEXES = ("regex('[a-z]')", "regex('(a)(b)?')", "regex('B', ignoreCase => true)", "regex(',')")
_FLAGS = ("true", "false")
_LAMBDAS = (
    "$", "$ + 1", "$ > 1", "$1 + $2", "$.a", "$.len()", "true", "null", "[$, 1]", "$[0]", "not $",
    "str($)", "$1 < $2", "$ = 2", "{a => $}", "$.value", "$2", "[$1, $2]", "$.toList()", "$ in [1, a]",
    "$.select($ + 1)", "$.sum()", "1", "$ < 3", "$.first()", "$2.value", "-$", "$[1]", "$ mod 2",
    "[]", "[$ + 1].where($ < 3)", "$ and $ > 0", "$x", "{$ => 1}", "max($1, $2)", "false",
)  # fmt: skip
_PAIRS = ("a => 1", "b => [2]", "$.number => $", "true => x", "false => 1/0", "1 => 2", "[1] => 2")
_WORDS = ("a", "b", "year", "seconds", "utc", "foo", "timestamp", "date", "time", "offset", "days")
_ANYTHING = (
    "null", *_FLAGS, *_TEXTS, *_NUMBERS, *_LISTS, *_ITERATORS, *_SETS, *_DICTS, *_MOMENTS, *_SPANS,
    *_REGEXES,
)  # fmt: skip

_OF_PYTHON: tuple[tuple[object, Sequence[str]], ...] = (
    (utils.MappingType, _DICTS),
    (utils.SetType, _SETS),
    (utils.IteratorType, _ITERATORS),
    (utils.MappingRule, _PAIRS),
    (int, (*_INTEGERS, "true")),
    (bool, _FLAGS),
    (type(None), ("null",)),
)


def choices(kind: Any) -> Sequence[str]:
    """Texts that a parameter of this type takes."""
    if isinstance(kind, yaqltypes.LazyParameterType):
        return _PAIRS if isinstance(kind, yaqltypes.MappingRule) else _LAMBDAS
    for smart, texts in (
        (yaqltypes.String, _TEXTS),
        (yaqltypes.Integer, _INTEGERS),
        (yaqltypes.Number, _NUMBERS),
        (yaqltypes.DateTime, _MOMENTS),
        (yaqltypes.Iterable, (*_LISTS, *_ITERATORS, *_SETS)),
        (yaqltypes.Sequence, _LISTS),
        (yaqltypes.Keyword, _WORDS),
    ):
        if isinstance(kind, smart):
            return texts
    python = getattr(kind, "python_type", object)
    for known, texts in _OF_PYTHON:
        if python is known:
            return texts
    name = getattr(python, "__name__", "")
    named = {"datetime": _MOMENTS, "timedelta": _SPANS, "Pattern": _REGEXES}
    named["OrderingIterable"] = ("[2, 1, 2].orderBy($ mod 2)", "$.dicts.orderByDescending($.a)")
    named["ContextBase"] = ("let(1, x => 2)", "with(1, 2)", "def(x, $)", "[1, 2].unpack()")
    return named.get(name, _ANYTHING)


def data(pick: Pick) -> dict[str, Any]:
    """What `$` is: JSON of every kind."""
    return {
        "text": pick(("", "b", "a,b", "Ab", "1")),
        "number": pick((0, 1, 2, -3, 7)),
        "float": pick((0.0, 1.5, -2.25)),
        "list": pick(([], [1], [1, 2, 3], [3, 3, 1], ["b", "a"], [[1, 2], [3]], [None], [2, 1.5])),
        "deep": pick(([[1, [2, 3]], []], [{"a": [1]}], [[["x"]]], [{"a": 1, "b": {"c": 2}}])),
        "dicts": pick(
            ([{"a": 1}, {"a": 2, "b": 3}], [{"a": "x"}], [{"a": 2}, {"a": 1}], [{"b": 1}])
        ),
        "dict": pick(({}, {"a": 1}, {"a": [1, 2], "b": {"c": 3}}, {"b": 2, "c": None})),
    }


def expression(call: Call, pick: Pick) -> str:
    """A call of an overload, mostly of arguments that it takes."""
    arguments = list(_arguments(call, pick))
    name = call.name
    if name.startswith("#property#"):
        return f"{arguments[0]}.{name.removeprefix('#property#')}"
    if name.startswith("#unary_operator_"):
        return f"{name.removeprefix('#unary_operator_')} {arguments[0]}"
    if name in ("*equal", "*not_equal") or name.startswith("#operator_"):
        return _operation(name, arguments)
    if name == "#list":
        return f"[{', '.join(arguments)}]"
    if name == "#map":
        return f"{{{', '.join(arguments)}}}"
    if name == "#indexer":
        return f"{arguments[0]}[{', '.join(arguments[1:])}]"
    if call.definition.is_method and (not call.definition.is_function or pick((True, False))):
        receiver = arguments[0] if arguments else "$.list"
        return f"{receiver}{pick(('.', '.', '.', '?.'))}{name}({', '.join(arguments[1:])})"
    return f"{name}({', '.join(arguments)})"


def _operation(name: str, arguments: list[str]) -> str:
    symbol = {"*equal": "=", "*not_equal": "!="}.get(name) or name.removeprefix("#operator_")
    while len(arguments) < 2:
        arguments.append("1")
    left, right = arguments[:2]
    if symbol in (".", "?."):
        return f"{left}{symbol}{right}"
    return f"{left} {symbol} {right}"


def _arguments(call: Call, pick: Pick) -> Iterator[str]:
    named = False
    for parameter in call.parameters:
        key = next(k for k, p in call.definition.parameters.items() if p is parameter)
        if key == "*":
            for _ in range(pick((0, 1, 2, 2, 3))):
                yield _value(parameter, pick)
            continue
        if key == "**":
            if pick((True, False)):
                yield f"{pick(('x', 'default', 'pad'))} => {_value(parameter, pick)}"
            continue
        if parameter.default is not specs.NO_DEFAULT and pick((True, True, False)):
            named = True
            continue
        text = _value(parameter, pick)
        if named or pick(("",) * 11 + ("name",)):
            named = True
            text = f"{parameter.alias or parameter.name} => {text}"
        if call.name.startswith(("#", "*")) and " => " in text and call.name != "#map":
            text = _value(parameter, pick)
        yield text
    if pick((False,) * 30 + (True,)):
        yield pick(_ANYTHING)


def _value(parameter: specs.ParameterDefinition, pick: Pick) -> str:
    kind = parameter.value_type
    if pick((True,) * 7 + (False,)):
        return str(pick(choices(kind)))
    return str(pick(_LAMBDAS if isinstance(kind, yaqltypes.LazyParameterType) else _ANYTHING))
