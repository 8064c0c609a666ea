"""What is wrong with the values for an action's parameters: everything at once, in the checker's words."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from st2lang.catalog.models import Parameter
from st2lang.catalog.values import check_value, words_for
from st2lang.suggest import did_you_mean, listing
from st2runtime.actions.runnable import Runnable


def about(
    runnable: Runnable, given: Mapping[str, Any], but: Collection[str] = ()
) -> tuple[str, ...]:
    """A sentence for each unknown, immutable, missing or wrong parameter; () when nothing is wrong.

    Those in `but` are not missing: something else is wrong with them.
    """
    return (*_given(runnable, given), *_missing(runnable, {*given, *but}))


def _given(runnable: Runnable, given: Mapping[str, Any]) -> Iterator[str]:
    parameters = runnable.parameters
    changeable = [name for name, parameter in parameters.items() if not parameter.immutable]
    for name, value in given.items():
        parameter = parameters.get(name)
        if parameter is None:
            if runnable.loose and runnable.runner == "action-chain":
                continue  # nothing says what a chain without metadata takes
            yield _unknown(runnable, name, changeable)
        elif parameter.immutable:
            yield f"parameter `{name}` is immutable: `{runnable.ref}` sets it itself"
        elif value is None:
            if parameter.must_be_given and "null" not in parameter.types:
                yield f"parameter `{name}` is required and cannot be null"
        elif told := check_value(parameter, value):
            yield told


def _unknown(runnable: Runnable, name: str, known: list[str]) -> str:
    kind = "input" if runnable.loose else "parameter"
    owner = "the workflow" if runnable.loose else f"`{runnable.ref}`"
    near = did_you_mean(name, known)
    if near:
        return f"{owner} has no {kind} `{name}`{near}"
    own = [each for each in runnable.own if each in known]
    there = f"; it has {listing(own, 'and')}" if own else f"; it has no {kind}s"
    return f"{owner} has no {kind} `{name}`{there}"


def _missing(runnable: Runnable, given: Collection[str]) -> Iterator[str]:
    for name, parameter in runnable.parameters.items():
        if name not in given and parameter.must_be_given:
            kind = "input" if runnable.loose else "parameter"
            yield f"{kind} `{name}`{_words(parameter)} is required and was not given"


def _words(parameter: Parameter) -> str:
    """The type in words, and what it is for."""
    words = words_for(parameter.types) if parameter.types else ""
    about = parameter.description.strip().split("\n")[0].rstrip(".")
    told = ": ".join(part for part in (words, about) if part)
    return f" ({told})" if told else ""
