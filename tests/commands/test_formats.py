"""Every output format, on the cases in `formats/` and on odd characters.

A case is a YAML file, beside it `NAME.problems.json` with problems placed by line and column, and
the expected output of each format, `NAME.FORMAT.out`.
"""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from st2lang.commands import formats
from st2lang.commands.formats.sarif import uri
from st2lang.commands.formats.summary import statistics
from st2lang.commands.report import INTERNAL_ERROR, Report, Run, failure
from st2lang.commands.terminal import cells, printable
from st2lang.problem import Edit, Fix, Problem, Related, Severity
from st2lang.source import Source, Span

CASES = Path(__file__).parent / "formats"
SARIF_SCHEMA = json.loads((CASES / "sarif-essentials.schema.json").read_text(encoding="utf-8"))


def read_case(path: Path) -> Report:
    text = path.read_bytes().decode("utf-8")
    source = Source(path.name, text)
    rows = json.loads(path.with_suffix(".problems.json").read_text(encoding="utf-8"))
    return Report(path.name, "orquesta", source, tuple(read_problem(source, row) for row in rows))


def read_problem(source: Source, row: dict[str, Any]) -> Problem:
    def span(at: list[int]) -> Span:
        return Span(source.offset(at[0], at[1]), source.offset(at[2], at[3]))

    related = tuple(
        Related(other["message"], span(other["at"]), other.get("file"))
        for other in row.get("related", ())
    )
    fix = None
    if "fix" in row:
        edits = tuple(Edit(span(edit["at"]), edit["text"]) for edit in row["fix"]["edits"])
        fix = Fix(row["fix"]["title"], edits, row["fix"].get("safe", True))
    return Problem(
        row["check"],
        Severity(row.get("severity", "error")),
        row["message"],
        span(row["at"]),
        tuple(row.get("path", ())),
        row.get("help", ""),
        related,
        fix,
    )


def render(name: str, run: Run) -> str:
    out = io.StringIO()
    formats.write(name, run, out)
    return out.getvalue()


@pytest.mark.parametrize("format_name", formats.NAMES)
@pytest.mark.parametrize("case", sorted(CASES.glob("*.yaml")), ids=lambda path: path.stem)
def test_case(case: Path, format_name: str, bless: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CASES)  # related files are found there
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    got = render(format_name, Run([read_case(case)]))
    expected = case.with_suffix(f".{format_name}.out")
    if bless:
        expected.write_text(got, encoding="utf-8", newline="\n")
    assert got == expected.read_bytes().decode("utf-8")


def test_colour_changes_nothing_but_the_colours() -> None:
    for case in (CASES / "ordinary.yaml", CASES / "cells.yaml", CASES / "lines.yaml"):
        for name in formats.FOR_PEOPLE:
            plain = render(name, Run([read_case(case)]))
            coloured = render(name, Run([read_case(case)], colour=True))
            assert "\x1b[" in coloured
            assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


texts = st.text(max_size=40) | st.text(
    alphabet="a:,%\r\n]]>&<\"'\x00\x1b\u202e\ud800界é\t", max_size=20
)


@st.composite
def runs(draw: st.DrawFn) -> Run:
    """A run whose texts, messages and paths hold anything."""
    reports = []
    for number in range(draw(st.integers(0, 2))):
        text = draw(texts)
        source = Source(f"{number}{draw(texts)}.yaml", text)
        offsets = st.integers(0, len(text) + 2)

        def span(offsets: st.SearchStrategy[int] = offsets) -> Span:
            return Span(*sorted((draw(offsets), draw(offsets))))

        problems = tuple(
            Problem(
                draw(st.sampled_from(["undefined-task", "some-check"])),
                draw(st.sampled_from(Severity)),
                draw(texts),
                span(),
                tuple(draw(st.lists(texts | st.integers(0, 9), max_size=2))),
                draw(texts),
                tuple(Related(draw(texts), span()) for _ in range(draw(st.integers(0, 1)))),
                draw(st.none() | st.just(Fix("do it", (Edit(span(), draw(texts)),)))),
            )
            for _ in range(draw(st.integers(0, 2)))
        )
        reports.append(Report(source.path, "orquesta", source, problems))
    return Run(reports, seconds=0.5)


@given(runs())
@settings(max_examples=30)
def test_json_says_everything(run: Run) -> None:
    rows = json.loads(render("json", run))
    assert [row["message"] for row in rows] == [problem.message for problem in run.problems]
    assert [row["code"] for row in rows] == [problem.check for problem in run.problems]
    for row in rows:
        assert 1 <= row["line"] <= row["end_line"]
        assert (row["line"], row["column"]) <= (row["end_line"], row["end_column"])
    render("json", run).encode("utf-8")


@given(runs())
@settings(max_examples=30)
def test_sarif_keeps_to_the_standard(run: Run) -> None:
    log = json.loads(render("sarif", run))
    jsonschema.validate(log, SARIF_SCHEMA)
    (only,) = log["runs"]
    assert len(only["results"]) == len(run.problems)
    for result in only["results"]:
        assert only["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


@given(runs())
@settings(max_examples=30)
def test_github_gives_one_line_a_problem(run: Run) -> None:
    lines = re.split(r"[\r\n]", render("github", run))[:-1]
    assert len(lines) == len(run.problems)
    for line, problem in zip(lines, run.problems, strict=True):
        found = re.fullmatch(r"::(error|warning|notice) ([^:]*)::(.*)", line, re.DOTALL)
        assert found
        properties = dict(item.split("=", 1) for item in found[2].split(","))
        assert properties["title"] == f"st2c {problem.check}"
        assert {"file", "line", "endLine"} <= properties.keys()
        data = found[3].replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")
        assert data == problem.message + ("\n" + problem.help if problem.help else "")


@given(runs())
@settings(max_examples=30)
def test_junit_is_xml_with_a_case_a_file(run: Run) -> None:
    root = ElementTree.fromstring(render("junit", run).encode("utf-8"))
    cases = root.findall("./testsuite/testcase")
    assert len(cases) == len(run.reports)
    grave = [any(p.severity.rank <= 1 for p in report.problems) for report in run.reports]
    assert [case.find("failure") is not None for case in cases] == grave
    assert root.get("failures") == str(sum(grave))


@given(runs())
@settings(max_examples=30)
def test_nothing_from_a_file_steers_the_terminal(run: Run) -> None:
    for name in formats.FOR_PEOPLE:
        for char in render(name, run):
            assert (
                char == "\n" or char.isprintable() or char in "\u3000\u200d\xa0" or char.isspace()
            )
            assert char not in "\x1b\r\x07\u202e\u2028\x85"


def test_a_failure_is_an_error_everywhere() -> None:
    run = Run([failure("a.yaml", INTERNAL_ERROR, "st2c failed on this file", "report it")])
    assert ElementTree.fromstring(render("junit", run)).find(".//error") is not None
    log = json.loads(render("sarif", run))
    assert log["runs"][0]["invocations"] == [{"executionSuccessful": False}]
    assert json.loads(render("json", run))[0]["code"] == INTERNAL_ERROR


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a/b c.yaml", "a/b%20c.yaml"),
        ("x:y.yaml", "x%3Ay.yaml"),
        ("/opt/ä.yaml", "file:///opt/%C3%A4.yaml"),
        ("C:/packs/a b.yaml", "file:///C:/packs/a%20b.yaml"),
    ],
)
def test_uri(path: str, expected: str) -> None:
    assert uri(path) == expected


def test_statistics_count_and_order() -> None:
    def problem(check: str, fix: Fix | None = None) -> Problem:
        return Problem(check, Severity.ERROR, "m", Span(0, 0), fix=fix)

    problems = (problem("b"), problem("a"), problem("b", Fix("f", ())))
    text = statistics(Run([Report("x", "orquesta", Source("x", ""), problems)], seconds=2.0))
    assert text.splitlines() == [
        "     2  error    b  (1 fixable)",
        "     1  error    a",
        "1 file in 2.00 s, 0 a second",
    ]


@given(st.text(alphabet=st.characters(categories=("Lu", "Ll", "Lo", "Nd", "Po", "Mn"))))
@settings(max_examples=100)
def test_cells_agree_with_the_terminal_library(text: str) -> None:
    """Compared on characters whose width no Unicode version has changed."""
    from rich.cells import cell_len

    stable = "".join(c for c in text if c.isascii() or "\u4e00" <= c <= "\u9fff" or c in "\u0301é")
    assert cells(stable) == sum(cell_len(c) for c in stable)


def test_printable_shows_control_characters() -> None:
    assert printable("a\x1b[31m\x7f\u202eb") == "a␛[31m␡\ufffdb"
