"""Coverage as one HTML page that needs nothing else: a table, then the sources with what was reached."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from st2runtime.rehearsal.coverage import Coverage, Covered, percent, reached

_STYLE = """
:root { color-scheme: light dark; --ink: #1c2024; --soft: #60646c; --line: #d9d9e0; --back: #fff;
  --hit: #e6f6eb; --hit-ink: #18794e; --miss: #ffe5e5; --miss-ink: #ce2c31; --part: #fff7c2; }
@media (prefers-color-scheme: dark) { :root { --ink: #edeef0; --soft: #b0b4ba; --line: #363a3f;
  --back: #111113; --hit: #132d21; --hit-ink: #3dd68c; --miss: #3b1219; --miss-ink: #ff9592;
  --part: #2d2305; } }
body { margin: 2rem auto; max-width: 72rem; padding: 0 1rem; color: var(--ink); background: var(--back);
  font: 15px/1.5 system-ui, sans-serif; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: .3rem .6rem; border-bottom: 1px solid var(--line); text-align: left; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
a { color: inherit; }
h2 { margin-top: 3rem; font-size: 1.1rem; overflow-wrap: anywhere; }
pre { overflow-x: auto; border: 1px solid var(--line); border-radius: 6px; font-size: 13px; }
pre span { display: block; padding: 0 .6rem; min-height: 1.5em; }
pre i { display: inline-block; width: 7.5em; color: var(--soft); font-style: normal;
  user-select: none; }
.hit { background: var(--hit); } .miss { background: var(--miss); } .part { background: var(--part); }
b.hit { color: var(--hit-ink); } b.miss { color: var(--miss-ink); } b { padding: 0 .3em; border-radius: 3px; }
li.miss { background: none; color: var(--miss-ink); }
"""


def render(coverages: Sequence[Coverage]) -> str:
    """The page."""
    return "\n".join(_page(coverages)) + "\n"


def _page(coverages: Sequence[Coverage]) -> Iterator[str]:
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>Coverage of workflows</title>\n<style>{_STYLE}</style>\n</head>\n<body>"
    yield "<h1>Coverage of workflows</h1>"
    yield '<table>\n<tr><th>workflow</th><th class="n">tasks</th><th class="n">transitions</th></tr>'
    for number, coverage in enumerate(coverages):
        link = f'<a href="#w{number}">{escape(coverage.path)}</a>'
        yield f"<tr><td>{link}</td>{_cells(coverage.tasks, coverage.transitions)}</tr>"
    tasks = [one for coverage in coverages for one in coverage.tasks]
    transitions = [one for coverage in coverages for one in coverage.transitions]
    yield f"<tr><th>all</th>{_cells(tasks, transitions)}</tr>\n</table>"
    for number, coverage in enumerate(coverages):
        yield from _workflow(number, coverage)
    yield "</body>\n</html>"


def _cells(tasks: Iterable[Covered], transitions: Iterable[Covered]) -> str:
    text = ""
    for covered in (tasks, transitions):
        hit, there = reached(covered)
        style = "hit" if hit == there else "miss"
        share = f"{percent(hit, there):.0f} %"
        text += f'<td class="n">{hit}/{there} <b class="{style}">{share}</b></td>'
    return text


def _workflow(number: int, coverage: Coverage) -> Iterator[str]:
    yield f'<h2 id="w{number}">{escape(coverage.path)}</h2>'
    missed = [one for one in coverage.all if not one.hits]
    if missed:
        yield "<ul>"
        for one in missed:
            yield f'<li class="miss">{escape(one.name)} (line {one.line})</li>'
        yield "</ul>"
    if coverage.text:
        yield f"<pre>{''.join(_lines(coverage))}</pre>"


def _lines(coverage: Coverage) -> Iterator[str]:
    """The lines of the source, those with tasks and transitions coloured and counted."""
    on: dict[int, list[Covered]] = {}
    for one in coverage.all:
        on.setdefault(one.line, []).append(one)
    for number, text in enumerate(coverage.text.splitlines(), 1):
        here = on.get(number, [])
        hit, there = reached(here)
        style = ("hit" if hit == there else "part" if hit else "miss") if here else ""
        count = f"{sum(one.hits for one in here)}×" if here else ""
        title = escape("; ".join(f"{one.name}: {one.hits}×" for one in here), quote=True)
        opening = f'<span class="{style}" title="{title}">' if here else "<span>"
        yield f"{opening}<i>{number:>5} {count:>6} </i>{escape(text)}</span>"
