"""jinja2's `random` and `lipsum` with the chance of the outside, so that the same chance gives the same."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from types import FunctionType
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from jinja2.utils import generate_lorem_ipsum

from st2lang.evaluation.guards import check_lipsum
from st2lang.functions._outside import outside

_SEEDS = 2**53


@pass_context
def any_of(context: Context, seq: Sequence[Any]) -> Any:
    """The filter `random`: any one of the elements."""
    if not len(seq):
        return context.environment.undefined("No random item, sequence was empty.")
    return seq[outside(context.parent["__run"]).between(0, len(seq) - 1)]


@pass_context
def lipsum(context: Context, n: int = 5, *options: Any, **named: Any) -> str:
    """The function `lipsum`, for texts of bearable length."""
    check_lipsum(n, *options, *named.values())
    own = Random(outside(context.parent["__run"]).between(0, _SEEDS))
    around = {**generate_lorem_ipsum.__globals__, "choice": own.choice, "randrange": own.randrange}
    code, defaults = generate_lorem_ipsum.__code__, generate_lorem_ipsum.__defaults__
    return str(FunctionType(code, around, "lipsum", defaults)(n, *options, **named))
