"""What the checks say about a workflow before it is rehearsed, against what the case expects of it.

Orquesta inspects a workflow first and refuses one with errors (`assert_spec_inspection`); where a case
expects errors, nothing is run. The same here, with the errors of `st2c check` that a look at the file
alone gives: a mocked action need not exist. Its messages are not Orquesta's, so an expected error is
met by one of ours at the same place (`spec_path`), or, for one without a place, by any of its category.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from st2lang.patterns import lazy
from st2lang.problem import Problem, Severity, SpecPath, format_path
from st2lang.source import Source
from st2runtime.rehearsal.case import Case
from st2runtime.rehearsal.compare import Failure

_STEP = lazy(r"[^.\[\]]+|\[\d+\]")

_CATEGORIES = (
    ("syntax", ("yaml-", "wrong-type", "unknown-key", "missing-key", "invalid-value", "duplicate-key")),
    ("syntax", ("wrong-version", "task-name", "empty-file", "expression-across-lines")),
    ("expressions", ("expression-", "unclosed-", "mixed-languages", "unknown-", "function-", "regex-")),
    ("context", ("undefined-variable", "private-variable", "undefined-name", "item-", "result-")),
    ("context", ("possibly-", "undefined-task-reference")),
)  # fmt: skip
"""What our checks would be called in Orquesta; the others are `semantics`."""


def errors_of(source: Source) -> tuple[Problem, ...]:
    """The errors of an Orquesta workflow that a look at the file gives, in the order of the text."""
    from st2lang.analysis import analyse

    analysis = analyse(source, kind="orquesta")
    problems = analysis.problems
    if "st2c:" in source.text:
        from st2lang import suppress

        problems = suppress.apply(source, problems, tree=analysis.document.yaml)
    return tuple(problem for problem in problems if problem.severity is Severity.ERROR)


def category(check: str) -> str:
    """Where Orquesta would list an error of one of our checks."""
    for name, beginnings in _CATEGORIES:
        if check.startswith(beginnings):
            return name
    return "semantics"


def compare_errors(case: Case, errors: tuple[Problem, ...]) -> tuple[Failure, ...]:
    """What the case expects of the inspection and is not there."""
    return tuple(_differences(case, list(errors)))


def unexpected(case: Case, errors: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """The errors that the case does not expect."""
    left = list(errors)
    for _ in _differences(case, left):
        pass
    return tuple(left)


def _differences(case: Case, left: list[Problem]) -> Iterator[Failure]:
    """Takes the errors that are expected out of `left`."""
    everyone = list(left)
    wanted = [
        (name, one) for name, errors in case.expected.inspection_errors.items() for one in errors
    ]
    for name, one in sorted(wanted, key=lambda each: "spec_path" not in each[1]):
        met = [error for error in everyone if _meets(error, name, one)]
        if met:
            left[:] = [error for error in left if error not in met]
            continue
        where = f" at `{one['spec_path']}`" if "spec_path" in one else ""
        what = f"`{one['check']}`" if "check" in one else f"an error of the {name}"
        yield Failure(
            "expected_inspection_errors", f"st2c check does not find {what}{where}", dict(one)
        )


def _meets(error: Problem, name: str, expected: Mapping[str, Any]) -> bool:
    if "check" in expected:
        if error.check != expected["check"]:
            return False
        if expected.get("message", error.message) != error.message:
            return False
    elif "spec_path" not in expected:
        return category(error.check) == name
    return "spec_path" not in expected or _near(error.path, _steps(expected["spec_path"]))


def _steps(path: str) -> SpecPath:
    return tuple(int(part[1:-1]) if part[0] == "[" else part for part in _STEP.findall(path))


def _near(ours: SpecPath, theirs: SpecPath) -> bool:
    """The same node, one inside it, or (for a key that is missing) the mapping around it."""
    return ours[: len(theirs)] == theirs or (
        len(ours) >= len(theirs) - 1 and theirs[: len(ours)] == ours
    )


def recorded(errors: tuple[Problem, ...]) -> dict[str, list[dict[str, str]]]:
    """The errors as a case expects them: what `--bless` writes."""
    found: dict[str, list[dict[str, str]]] = {}
    for error in errors:
        entry = {
            "check": error.check,
            "message": error.message,
            "spec_path": format_path(error.path),
        }
        found.setdefault(category(error.check), []).append(
            {key: part for key, part in entry.items() if part}
        )
    return found
