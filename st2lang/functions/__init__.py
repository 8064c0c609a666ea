"""Every function, filter, test and operator that an expression may use, one record each.

The records live in family files: `yaql/strings.py`, `jinja/filters_text.py`, `stackstorm.py` and so
on. Each language (`yaql`, `jinja` as Orquesta runs it, `jinja-chain` as ActionChains run it) is a
table put together from families when it is first asked for; a name that two families claim is an
error then. Adding a function is adding a record to its family.
"""

from __future__ import annotations

import os
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from st2lang.functions.record import Example, Function, Kind, Parameter, Signature

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import ModuleType

    from st2lang.functions.overload import Overload

__all__ = [
    "LANGUAGES",
    "Example",
    "Function",
    "Kind",
    "Parameter",
    "Signature",
    "implementations",
    "lookup",
    "names",
    "suggest",
    "table",
]

LANGUAGES = ("yaql", "jinja", "jinja-chain")


@cache
def table(language: str) -> Mapping[tuple[Kind, str], Function]:
    """All records of a language by kind and name, in the order of the families.

    Raises ValueError for a language not in `LANGUAGES`, and when two records claim one name.
    """
    if language == "yaql":
        records = [*_family_records("yaql"), *_functions_of("orquesta", "yaql")]
    elif language in LANGUAGES:
        records = [*_family_records("jinja"), *_functions_of("orquesta", language)]
    else:
        raise ValueError(f"no expression language {language!r}; there are {', '.join(LANGUAGES)}")
    found: dict[tuple[Kind, str], Function] = {}
    for record in records:
        key = (record.kind, record.name)
        if key in found:
            raise ValueError(f"two records for the {language} {record.kind.value} {record.name!r}")
        found[key] = record
    return found


def lookup(language: str, name: str, kind: Kind = Kind.FUNCTION) -> Function | None:
    """The record of a name as an expression of that language sees it, None when there is none."""
    return table(language).get((kind, name))


@cache
def names(language: str, kind: Kind = Kind.FUNCTION) -> tuple[str, ...]:
    """All names of one kind, sorted."""
    return tuple(sorted(name for found, name in table(language) if found is kind))


def suggest(language: str, name: str, kind: Kind = Kind.FUNCTION) -> str | None:
    """The known name that looks most like a misspelt one, None when none comes near.

    A name written with other capitals or underscores (`starts_with` for `startsWith`) is always
    found.
    """
    return nearest(name, names(language, kind))


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The one of the known names that looks most like `name`; None when none comes near."""
    from difflib import get_close_matches

    plain = {_plain(candidate): candidate for candidate in known}
    if _plain(name) in plain:
        return plain[_plain(name)]
    close = get_close_matches(_plain(name), plain, n=1, cutoff=0.7)
    return plain[close[0]] if close else None


def _plain(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()


@cache
def _family_records(folder: str) -> tuple[Function, ...]:
    """The `FUNCTIONS` of every module in a folder beside this file."""
    found = os.listdir(os.path.join(os.path.dirname(__file__), folder))
    families = sorted(name[:-3] for name in found if name.endswith(".py") and name[0] != "_")
    return tuple(
        record
        for family in families
        for record in import_module(f"{__name__}.{folder}.{family}").FUNCTIONS
    )


@cache
def implementations(language: str) -> Mapping[str, tuple[Overload, ...]]:
    """What the functions of a language do, by name; properties as `.name`.

    The implementations of a family stand beside its records, `yaql/_strings.py` beside
    `yaql/strings.py`, and are imported when the first expression is evaluated. Operators are not
    among them. Jinja's own functions are the package's.
    """
    found: dict[str, list[Overload]] = {}
    if language == "yaql":
        here = os.path.join(os.path.dirname(__file__), "yaql")
        for name in sorted(os.listdir(here)):
            if name.startswith("_") and name.endswith(".py") and name[1:] in os.listdir(here):
                _collect(import_module(f"{__name__}.yaql.{name[:-3]}"), found)
    _collect(import_module(f"{__name__}._stackstorm"), found)
    _collect(import_module(f"{__name__}._orquesta"), found)
    return {name: tuple(overloads) for name, overloads in found.items()}


def _collect(module: ModuleType, found: dict[str, list[Overload]]) -> None:
    if not module.__name__.endswith("_operators"):
        for name, overloads in module.family.overloads.items():
            found.setdefault(name, []).extend(overloads)
    if hasattr(module, "properties"):
        for name, overloads in module.properties.overloads.items():
            found.setdefault(f".{name}", []).extend(overloads)


def _functions_of(package: str, language: str) -> tuple[Function, ...]:
    records: tuple[Function, ...] = import_module(f"{__name__}.{package}").functions(language)
    return records
