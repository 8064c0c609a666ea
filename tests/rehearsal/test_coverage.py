"""Coverage: what is counted, and each way to show it."""

from __future__ import annotations

import html.parser

import pytest
from st2runtime.rehearsal.case import Actual
from st2runtime.rehearsal.coverage import Coverage, Hits, cover, percent, total
from st2runtime.rehearsal.reports import coverage_html, coverage_lcov, coverage_text
from st2runtime.rehearsal.workflows import compiled

from st2lang.commands.terminal import Paint
from st2lang.source import Source

TEXT = """version: 1.0
tasks:
  a:
    action: core.echo message="<b>"
    next:
      - when: <% succeeded() %>
        do: b, noop
      - when: <% failed() and
          true %>
        do: fail
      - publish: x=1
  b:
    action: core.noop
"""


@pytest.fixture
def coverage() -> Coverage:
    graph = compiled(Source("w.yaml", TEXT), None).graph
    assert graph is not None
    hits = Hits()
    hits.add(Actual(tasks={"a": 1, "b": 1}, transitions={("a", 0): 1}))
    hits.add(Actual(tasks={"a": 1}, transitions={("a", 0): 1, ("a", 2): 1}))
    return cover("w<1>.yaml", graph, hits, TEXT)


def test_runs_are_added_up(coverage: Coverage) -> None:
    assert [(one.name, one.line, one.hits) for one in coverage.all] == [
        ("a", 3, 2),
        ("b", 12, 1),
        ("a → b, noop when <% succeeded() %>", 6, 2),
        ("a → fail when <% failed() and true %>", 8, 0),
        ("a → (end)", 11, 1),
    ]
    assert total([coverage]) == 80.0
    assert percent(0, 0) == 100.0


def test_the_table_names_what_was_not_reached(coverage: Coverage) -> None:
    shown = coverage_text.render([coverage, coverage], Paint(False)).splitlines()
    assert shown[1].split() == ["2/2", "100", "%", "2/3", "67", "%", "w<1>.yaml"]
    assert shown[2].strip() == "never taken: a → fail when <% failed() and true %> (line 8)"
    assert shown[-1].split() == ["4/4", "100", "%", "4/6", "67", "%", "all"]


def test_lcov_points_at_the_lines(coverage: Coverage) -> None:
    assert coverage_lcov.render([coverage]).splitlines() == [
        "TN:", "SF:w<1>.yaml",
        "BRDA:6,0,0,2", "BRDA:8,0,1,0", "BRDA:11,0,2,1", "BRF:3", "BRH:2",
        "DA:3,2", "DA:6,2", "DA:8,0", "DA:11,1", "DA:12,1", "LF:5", "LH:4",
        "end_of_record",
    ]  # fmt: skip


def test_branches_of_a_task_that_never_ran_are_not_counted_as_missed() -> None:
    graph = compiled(Source("w.yaml", TEXT), None).graph
    assert graph is not None
    shown = coverage_lcov.render([cover("w.yaml", graph, Hits())])
    assert "BRDA:6,0,0,-\n" in shown


class _Page(html.parser.HTMLParser):
    """Which elements a page has, which of them are not closed, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.add(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_stands_alone_and_escapes_what_it_shows(coverage: Coverage) -> None:
    text = coverage_html.render([coverage])
    page = _Page()
    page.feed(text)
    assert page.open == []
    assert page.seen.isdisjoint({"script", "link", "img"})
    assert "w<1>.yaml" in page.text
    assert 'message="<b>"' in page.text
    assert "<b>" not in text.replace('<b class="', "")
    assert "prefers-color-scheme: dark" in text
    assert '<span class="miss" title="a → fail when &lt;% failed() and true %&gt;: 0×">' in text
