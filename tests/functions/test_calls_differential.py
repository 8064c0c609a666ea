"""`check_call` against the yaql package: it accepts exactly the calls that some overload maps."""

from __future__ import annotations

from typing import Any

import yaql
from functions.oracles import yaql_context
from hypothesis import given
from hypothesis import strategies as st

from st2lang import functions
from st2lang.functions.calls import check_call

_ENGINE = yaql.YaqlFactory().create()
_UNKNOWN_VALUE = _ENGINE("$").expression
"""An argument of which nothing is known, as far as matching overloads goes."""

_KNOWS_BETTER = {"st2kv", "zip", "zipLongest"}
"""Upstream swallows any keyword there and ignores it; we report the ones that do nothing."""

_NAMES = [
    name for name in functions.names("yaql") if name not in _KNOWS_BETTER | {"jsonpath_query"}
]


def _overloads(name: str, as_method: bool) -> list[Any]:
    found: list[Any] = []
    context = yaql_context()
    while context is not None:
        found.extend(context.get_functions(name)[0])
        context = context.parent
    return [o for o in found if (o.is_method if as_method else o.is_function)]


def _accepted(name: str, positional: int, keywords: list[str], as_method: bool) -> bool:
    args = (_UNKNOWN_VALUE,) * (positional + as_method)
    kwargs = dict.fromkeys(keywords, _UNKNOWN_VALUE)
    return any(
        overload.map_args(args, kwargs, yaql_context(), _ENGINE) is not None
        for overload in _overloads(name, as_method)
    )


@st.composite
def _calls(draw: st.DrawFn) -> tuple[str, int, list[str], bool]:
    name = draw(st.sampled_from(_NAMES))
    record = functions.lookup("yaql", name)
    assert record is not None
    known = sorted({p.name for s in record.signatures for p in s.parameters if not p.variadic})
    keywords = draw(st.lists(st.sampled_from([*known, "wrong"]), max_size=3, unique=True))
    return name, draw(st.integers(0, 5)), keywords, draw(st.booleans())


@given(_calls())
def test_accepts_what_the_package_accepts(call: tuple[str, int, list[str], bool]) -> None:
    name, positional, keywords, as_method = call
    overloads = _overloads(name, as_method)
    if any(overload.no_kwargs for overload in overloads):
        return  # `key => value` is an ordinary argument there; see test_calls
    expected = _accepted(name, positional, keywords, as_method)
    assert (
        check_call(
            functions.table("yaql")[functions.Kind.FUNCTION, name], positional, keywords, as_method
        )
        == []
    ) == expected
