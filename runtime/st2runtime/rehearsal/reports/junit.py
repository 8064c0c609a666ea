"""Rehearsals as JUnit XML, for servers that draw test results."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO
from xml.sax.saxutils import escape, quoteattr

from st2lang.commands.terminal import Paint
from st2lang.patterns import lazy
from st2runtime.rehearsal.outcome import Outcome
from st2runtime.rehearsal.reports import text

_NOT_XML = lazy("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(outcomes: Sequence[Outcome], seconds: float, out: TextIO) -> None:
    """Print one suite; a case that could not be used is an error, one that differs a failure."""
    errors = sum(bool(outcome.troubles) for outcome in outcomes)
    failures = sum(not outcome.passed for outcome in outcomes) - errors
    counts = (
        f'name="st2c test" tests="{len(outcomes)}" failures="{failures}" errors="{errors}"'
        f' time="{seconds:.3f}"'
    )
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    out.write(f"<testsuites {counts}>\n  <testsuite {counts}>\n")
    for outcome in outcomes:
        out.write(_case(outcome))
    out.write("  </testsuite>\n</testsuites>\n")


def _case(outcome: Outcome) -> str:
    name = _attribute(outcome.file)
    opening = f'    <testcase name={name} classname="st2c.rehearsal" time="{outcome.seconds:.3f}"'
    if outcome.passed:
        return f"{opening}/>\n"
    element = "error" if outcome.troubles else "failure"
    told = [problem.message for trouble in outcome.troubles for problem in trouble.problems]
    told += [failure.message for failure in outcome.failures]
    body = "\n".join(list(text.case(outcome, Paint(False)))[1:-1])
    return (
        f"{opening}>\n      <{element} message={_attribute('; '.join(told))}>"
        f"{_text(body)}</{element}>\n    </testcase>\n"
    )


def _clean(text: str) -> str:
    """XML 1.0 has no place for most control characters, not even escaped."""
    return _NOT_XML.sub("\ufffd", text)


def _text(text: str) -> str:
    return escape(_clean(text), {"\r": "&#13;"})


def _attribute(text: str) -> str:
    return quoteattr(_clean(text), {"\r": "&#13;", "\n": "&#10;"})
