"""SARIF 2.1.0 (OASIS standard), which code hosts show beside the lines they concern."""

from __future__ import annotations

import json
import re
from typing import Any, TextIO
from urllib.parse import quote

from st2lang import __version__
from st2lang.commands.links import is_absolute, url
from st2lang.commands.report import Place, Report, Run
from st2lang.problem import Fix, Problem, Severity, format_path

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "note",
    Severity.HINT: "note",
}


def write(run: Run, out: TextIO) -> None:
    """Print one log with one run."""
    ids = sorted({problem.check for problem in run.problems})
    driver: dict[str, Any] = {
        "name": "st2c",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(check) for check in ids],
    }
    failed = any(report.failed for report in run.reports)
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "invocations": [{"executionSuccessful": not failed}],
                "results": [
                    _result(run, report, problem, ids.index(problem.check))
                    for report in run.reports
                    for problem in report.problems
                ],
            }
        ],
    }
    json.dump(log, out, indent=2)  # ASCII: a lone surrogate could not be written otherwise
    out.write("\n")


def _rule(check_id: str) -> dict[str, Any]:
    from st2lang import checks

    rule: dict[str, Any] = {"id": check_id}
    check = checks.get(check_id)
    if check is not None:
        rule["shortDescription"] = {"text": check.summary}
        rule["defaultConfiguration"] = {"level": LEVELS[check.severity]}
        rule["help"] = {"text": check.documentation, "markdown": check.documentation}
    if is_absolute():
        rule["helpUri"] = url(check_id)
    return rule


def _result(run: Run, report: Report, problem: Problem, index: int) -> dict[str, Any]:
    place = run.place(report.path, problem.span)
    location = _location(place)
    path = format_path(problem.path)
    if path:
        location["logicalLocations"] = [{"fullyQualifiedName": path}]
    text = f"{problem.message}\n{problem.help}" if problem.help else problem.message
    result: dict[str, Any] = {
        "ruleId": problem.check,
        "ruleIndex": index,
        "level": LEVELS[problem.severity],
        "message": {"text": text},
        "locations": [location],
    }
    if problem.related:
        result["relatedLocations"] = [
            {
                "id": number,
                **_location(run.related(report, other)),
                "message": {"text": other.message},
            }
            for number, other in enumerate(problem.related, 1)
        ]
    if problem.fix is not None and problem.fix.edits:
        result["fixes"] = [_fix(run, report, problem.fix)]
    return result


def _location(place: Place) -> dict[str, Any]:
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": uri(place.path)},
            "region": _region(place),
        }
    }


def _region(place: Place) -> dict[str, int]:
    return {
        "startLine": place.start.line,
        "startColumn": place.start.column,
        "endLine": place.end.line,
        "endColumn": place.end.column,
    }


def _fix(run: Run, report: Report, fix: Fix) -> dict[str, Any]:
    replacements = [
        {
            "deletedRegion": _region(run.place(report.path, edit.span)),
            "insertedContent": {"text": edit.text},
        }
        for edit in fix.edits
    ]
    change = {"artifactLocation": {"uri": uri(report.path)}, "replacements": replacements}
    return {"description": {"text": fix.title}, "artifactChanges": [change]}


def uri(path: str) -> str:
    """A shown path as a URI reference (RFC 3986)."""
    if re.match(r"[A-Za-z]:/", path):
        return f"file:///{path[:2]}{_quoted(path[2:])}"
    return f"file://{_quoted(path)}" if path.startswith("/") else _quoted(path)


def _quoted(path: str) -> str:
    """Percent-encoded; bytes of a file name that are no UTF-8 come back as they were."""
    try:
        return quote(path, errors="surrogateescape")
    except UnicodeEncodeError:
        return quote(path, errors="surrogatepass")
