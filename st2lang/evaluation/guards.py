"""Keeps Jinja from making texts, lists and numbers of any size.

Specified nowhere: jinja2's sandbox limits `range` only. What is guarded is what makes much of little:
operators, methods and filters that repeat, pad and replace.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from st2lang.functions.explain import described
from st2lang.functions.failure import EvaluationError
from st2lang.functions.values import BITS, SIZE, Run, too_large

_WIDTH = re.compile(r"\d{8}")
"""A width in a format that is larger than any text may be."""


def check_operation(run: Run, operator: str, left: Any, right: Any) -> None:
    """Raise `EvaluationError` for an operation whose result would be too large."""
    if isinstance(left, int) and isinstance(right, int):
        if operator == "**" and right > 0:
            run.compute(left.bit_length() * right if abs(left) > 1 else 0)
        elif operator == "*":
            run.compute(left.bit_length() + right.bit_length())
    elif operator == "*":
        _check_repetition(run, left, right)
    elif operator == "+" and isinstance(left, Sequence) and isinstance(right, Sequence):
        run.make(len(left) + len(right))
    elif operator == "%" and isinstance(left, str):
        _check_format(left, right if isinstance(right, tuple) else (right,))


def unfit(operator: str, *operands: Any) -> EvaluationError:
    """The error for an operator that does not work with such operands."""
    kinds = " and ".join(described(type(operand)) for operand in operands)
    return EvaluationError(f"`{operator}` does not work with {kinds}", "type")


def _check_repetition(run: Run, left: Any, right: Any) -> None:
    if isinstance(right, Sequence):
        left, right = right, left
    if isinstance(left, Sequence) and isinstance(right, int):
        run.make(len(left) * right)


def _check_format(text: str, arguments: Sequence[Any]) -> None:
    """Widths are in the text, or among the arguments: `%*d`, `{:{width}}`."""
    widths = arguments if "*" in text or ":{" in text else ()
    if _WIDTH.search(text) or any(isinstance(w, int) and abs(w) > SIZE for w in widths):
        raise too_large()


_PADDING = frozenset(("center", "expandtabs", "ljust", "rjust", "to_bytes", "zfill"))


def check_call(run: Run, call: Any, arguments: Sequence[Any], named: Mapping[str, Any]) -> None:
    """Raise `EvaluationError` for a call of a method whose result would be too large."""
    run.step(5)
    name = getattr(call, "__name__", "")
    if name in _PADDING:
        _check_numbers(*arguments, *named.values())
    elif name == "replace":
        owner = getattr(call, "__self__", None)
        if isinstance(owner, str) and len(arguments) > 1:
            check_replacement(owner, *arguments)
    elif name == "join" and arguments and isinstance(arguments[0], Sequence):
        check_joining(arguments[0])
    elif name in ("format", "format_map"):
        wrapped = getattr(call, "__wrapped__", None)
        _check_format(str(getattr(wrapped, "__self__", "")), [*arguments, *named.values()])


def _check_numbers(*values: Any) -> None:
    if any(isinstance(value, int) and value > SIZE for value in values):
        raise too_large()


def check_replacement(text: str, old: Any, new: Any, count: Any = -1) -> None:
    """Raise `EvaluationError` when the text would grow too large."""
    old, new = str(old), str(new)
    if len(text) * len(new) > SIZE and text.count(old) * len(new) > SIZE:
        raise too_large()


def check_joining(parts: Sequence[Any]) -> None:
    """Raise `EvaluationError` when the parts make a text that is too large."""
    if len(parts) > 1 and sum(len(part) for part in parts if isinstance(part, str)) > SIZE:
        raise too_large()


def guarded(filters: Mapping[str, Callable[..., Any]]) -> dict[str, Callable[..., Any]]:
    """Those of jinja2's filters that can make much of little, with a look at their arguments first."""
    checks: dict[str, Callable[..., None]] = {
        "batch": lambda value, *numbers, **named: _check_numbers(*numbers, *named.values()),
        "center": lambda value, *numbers, **named: _check_numbers(*numbers, *named.values()),
        "format": lambda text, *values, **named: _check_format(
            str(text), (*values, *named.values())
        ),
        "indent": lambda text, *widths, **named: _check_indent(text, *widths, *named.values()),
        "join": lambda context, parts, *rest, **named: (
            check_joining(parts) if isinstance(parts, Sequence) else None
        ),
        "replace": lambda context, text, old="", new="", *rest, **named: check_replacement(
            str(text), old, new
        ),
        "round": lambda value, precision=0, *rest, **named: _check_precision(precision),
        "slice": lambda value, *numbers, **named: _check_numbers(*numbers, *named.values()),
    }
    return {name: _checked(filters[name], check) for name, check in checks.items()}


def _check_indent(text: Any, width: Any = 4, *rest: Any) -> None:
    size = width if isinstance(width, int) else len(str(width))
    if (str(text).count("\n") + 1) * size > SIZE:
        raise too_large()


def _check_precision(precision: Any) -> None:
    if isinstance(precision, int) and abs(precision) * 4 > BITS:
        raise too_large()


def _checked(filter_: Callable[..., Any], check: Callable[..., None]) -> Callable[..., Any]:
    def call(*arguments: Any, **named: Any) -> Any:
        check(*arguments, **named)
        return filter_(*arguments, **named)

    call.__dict__.update(filter_.__dict__)  # What jinja2 passes to it: the context and so on.
    return call


def check_lipsum(n: int, *options: Any) -> None:
    """Raise `EvaluationError` when jinja2's `lipsum` would give too long a text."""
    widest = max([100, *(value for value in options if isinstance(value, int))])
    if n * widest > SIZE // 100:
        raise too_large()
