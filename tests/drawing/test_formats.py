"""Formats that are text for people are held word for word: `cases/NAME.txt`, `.dot` and `.mmd`.

`pytest --bless` writes them anew: read them before committing. The names are those of cases of lowering.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from drawing.drawings import workflows
from hypothesis import given, settings
from lowering.graphs import ALL, compiled

from st2lang import graph as ir
from st2lang.catalog import Catalog
from st2lang.compile import compile_document
from st2lang.document import Document
from st2lang.drawing import FORMATS, draw
from st2lang.drawing.measure import columns, width
from st2lang.source import Source

HERE = Path(__file__).parent
TOP = HERE.parents[1]
KEPT = {"ascii": ".txt", "dot": ".dot", "mermaid": ".mmd"}
CASES = [case for case in ALL if case.stem in ("broken", "commands", "items", "joins", "loop")]


@pytest.mark.parametrize("form", KEPT)
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.stem}")
def test_text_is_as_kept(case: Path, form: str, bless: bool) -> None:
    text = draw(compiled(case), form)
    kept = HERE / "cases" / f"{case.parent.name}-{case.stem}{KEPT[form]}"
    if bless:
        kept.write_text(text, encoding="utf-8", newline="\n")
    assert text == kept.read_text(encoding="utf-8")


RAILS = {
    " ": "", "│": "ud", "─": "lr", "╭": "dr", "╰": "ur", "├": "udr", "┬": "dlr", "┴": "ulr", "┼": "udlr",
}  # fmt: skip


@given(workflows())
@settings(max_examples=60)
def test_rails_hold_together(graph: ir.Graph) -> None:
    """What leaves a cell upwards comes from the cell above, and so on."""
    lines = draw(graph, "ascii").split("\n")[2:-1]
    grid = [re.match(r"[ │─╭╰├┬┴┼]*", line)[0].rstrip() for line in lines]  # type: ignore[index]
    wide = max(map(len, grid), default=0)
    cells = [[RAILS[char] for char in row.ljust(wide)] for row in grid]
    for number, row in enumerate(cells):
        below = cells[number + 1] if number + 1 < len(cells) else [""] * wide
        for column, cell in enumerate(row):
            assert ("d" in cell) == ("u" in below[column]), (number, column, "\n".join(lines))
            if "r" in cell and column + 1 < len(grid[number]):
                assert "l" in row[column + 1]
    named = [line for line in lines if re.search(r"[▶●○] ", line)]
    assert len(named) == len(graph.tasks)


@given(workflows(most=25))
@settings(max_examples=20)
def test_lines_are_not_longer_than_asked_for(graph: ir.Graph) -> None:
    for wide in (50, 100):
        assert all(columns(line) <= wide for line in draw(graph, width=wide).split("\n"))
    assert draw(graph, plain=True).isascii()
    assert draw(graph, paint=lambda style, text: f"<{style}>{text}")


@given(workflows())
@settings(max_examples=20)
def test_json_has_everything_with_its_place(graph: ir.Graph) -> None:
    data = json.loads(draw(graph, "json"))
    tasks = [node for node in data["nodes"] if node["kind"] == "task"]
    assert {node["task"] for node in tasks} == set(graph.tasks)
    assert all(len(node["at"]) == len(node["size"]) == 2 for node in data["nodes"])
    known = {node["id"] for node in data["nodes"]}
    for line in data["lines"]:
        assert {line["from"], *line["to"]} <= known
        assert len(line["points"]) >= 2


NASTY = 'we"ird <b> & `x` \\ #1;|]} %% end'


@pytest.mark.parametrize("form", FORMATS)
def test_no_format_stumbles_over_what_people_write(form: str) -> None:
    way = ir.Transition(0, f'<% ctx().x = "{NASTY}" %>', targets=(NASTY, "end", "\x1b[31m"))
    task = ir.Task(NASTY, ir.Action(NASTY), transitions=(way,))
    text = draw(ir.Graph(ir.ORQUESTA, NASTY, {NASTY: task}, (NASTY,), source=NASTY), form)
    assert "\x1b" not in text
    if form == "mermaid":
        assert "end" not in re.findall(r"^ *([^\s(\[]+)", text, re.MULTILINE)
        for quoted in re.findall(r'"([^"]*)"', "\n".join(text.split("\n")[3:])):
            assert not re.search(r"[<>&`\\|{}()%](?!br/>)", quoted.replace("<br/>", ""))


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.stem}")
def test_graphviz_reads_it(case: Path) -> None:
    text = draw(compiled(case), "dot")
    subprocess.run(["dot", "-Tplain"], input=text, text=True, check=True, capture_output=True)


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown format 'png'"):
        draw(compiled(ALL[0]), "png")


def test_wide_and_foreign_characters_have_room() -> None:
    assert columns("日本") == 4
    assert width("日本", 10) > width("ab", 10)
    assert width("e\u0301", 10) == width("e", 10)


def test_the_documented_drawing_is_fresh(bless: bool) -> None:
    """Coordinates may differ with another release of graphlay; everything else may not."""
    path = TOP / "docs/examples/breakfast/actions/workflows/make_breakfast.yaml"
    catalog = Catalog(roots=(str(TOP / "docs/examples"),), installed=None)
    source = Source(str(path), path.read_text(encoding="utf-8"))
    graph = compile_document(Document(source, catalog=catalog))
    text = draw(graph, "svg").replace(str(TOP), "").replace("/docs/examples/breakfast/", "")
    kept = TOP / "docs/images/make_breakfast.svg"
    if bless:
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(text, encoding="utf-8", newline="\n")
    assert without_places(text) == without_places(kept.read_text(encoding="utf-8"))
    guide = (TOP / "docs/graph.md").read_text(encoding="utf-8")
    assert "](images/make_breakfast.svg)" in guide
    assert draw(graph, "ascii") in guide


def test_the_documented_program_runs(capsys: pytest.CaptureFixture[str]) -> None:
    guide = (TOP / "docs/graph.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    exec(compile(program, "graph.md", "exec"), {})
    assert capsys.readouterr().out.startswith("hello · Orquesta · 1 task\n")


def without_places(svg: str) -> str:
    return re.sub(r' (d|x|y|width|height|viewBox|transform)="[^"]*"', "", svg)
