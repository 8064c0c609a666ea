"""How long an editor waits for an answer about a place in a workflow that is analysed already.

    python tests/benchmarks/bench_query.py [LINES ...]

Each question is asked at places all over a generated workflow of about so many lines (default 300 and 3000),
in a workspace of 40 packs. `first` is the first answer after the analysis, which finds all names of the file.
Milliseconds, median and 95th percentile of wall time.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from st2lang import checks
from st2lang.catalog import Catalog
from st2lang.document import Document
from st2lang.query import (
    calls_hierarchy,
    cursor,
    definition,
    folding,
    highlight,
    linked,
    links,
    outline,
    references,
    rename,
    selection,
    tokens,
    workspace_symbols,
)
from st2lang.query.symbol import occurrences
from st2lang.query.workspace import Workspace
from st2lang.source import Source

TASK = """\
  step_{0}:
    action: pack_{2}.work
    with: entry, port in <% zip(ctx().hosts, ctx().ports_{0}) %>
    input:
      host: <% item(entry).name + ':' + str(item(port)) %>
      message: "{{{{ ctx().greeting | upper }}}} {{{{ ctx('count') + 1 }}}} of <b>"
      text: >-
        some words about {{{{ ctx().greeting }}}}
        and more of them in a second line
    retry:
      when: <% failed() and ctx().count < 3 %>
      count: 2
    next:
      - when: <% succeeded() and result().select($.stdout).any($.len() > 0) %>
        publish:
          - count: <% ctx().count + 1 %>
          - ports_{1}: <% result().where($.ok).select($.port) %>
        do: step_{1}
      - when: <% failed() %>
        do: fail
"""


def workflow(lines: int) -> str:
    count = max(1, (lines - 8) // 20)
    head = "version: 1.0\ninput:\n  - hosts\n  - ports_0: []\nvars:\n  - count: 0\n  - greeting: hello\n"
    tasks = "".join(TASK.format(i, i + 1, i % 40) for i in range(count))
    return f"{head}tasks:\n{tasks}  step_{count}:\n    action: core.noop\n"


def packs(root: Path) -> None:
    """40 packs, each with 10 actions and 3 workflows that use the others."""
    for p in range(40):
        actions = root / f"pack_{p}" / "actions"
        (actions / "workflows").mkdir(parents=True)
        (actions.parent / "pack.yaml").write_text(
            f"ref: pack_{p}\nname: pack_{p}\nversion: 1.0.0\n"
        )
        for name in ("work", *(f"other_{i}" for i in range(9))):
            text = f"name: {name}\nrunner_type: local-shell-cmd\nparameters:\n  host: {{type: string}}\n"
            (actions / f"{name}.yaml").write_text(text)
        for w in range(3):
            text = f"name: flow_{w}\nrunner_type: orquesta\nentry_point: workflows/flow_{w}.yaml\n"
            (actions / f"flow_{w}.yaml").write_text(text)
            (actions / "workflows" / f"flow_{w}.yaml").write_text(workflow(100))


def timed(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1000


def show(name: str, times: list[float]) -> None:
    times.sort()
    print(f"  {name:20} {times[len(times) // 2]:8.2f} {times[int(len(times) * 0.95)]:8.2f}")


def questions(
    document: Document, workspace: Workspace
) -> Iterator[tuple[str, Callable[[int], object]]]:
    yield "cursor", lambda at: cursor.at(document, at)
    yield "definition", lambda at: definition.find(document, at, workspace)
    yield "references", lambda at: references.find(document, at, workspace)
    yield "highlight", lambda at: highlight.find(document, at)
    yield "linked editing", lambda at: linked.find(document, at)
    yield "prepare rename", lambda at: rename.prepare(document, at, workspace)
    yield "rename", lambda at: rename.rename(document, at, "a_fresh_name", workspace)
    yield "selection ranges", lambda at: selection.ranges(document, at)
    yield (
        "call hierarchy",
        lambda at: [
            calls_hierarchy.outgoing(item, workspace)
            for item in calls_hierarchy.prepare(document, at, workspace)
        ],
    )


def of_file(document: Document, workspace: Workspace) -> Iterator[tuple[str, Callable[[], object]]]:
    yield "outline", lambda: outline.find(document)
    yield "folding", lambda: folding.find(document)
    yield "links", lambda: links.find(document, workspace)
    yield "tokens (known)", lambda: tokens.find(document)
    yield "workspace symbols", lambda: workspace_symbols.find("step", workspace)


def main() -> None:
    lines = [int(argument) for argument in sys.argv[1:]] or [300, 3000]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        packs(root)
        for count in lines:
            text = workflow(count)
            path = root / "pack_0" / "actions" / "workflows" / f"big_{count}.yaml"
            path.write_text(text)
            catalog = Catalog(roots=[str(root)], installed=None)
            documents: dict[str, Document] = {}
            workspace = Workspace(catalog, [str(root)], documents.get)
            firsts: dict[str, list[float]] = {"names, first": [], "tokens, first": []}
            for _ in range(5):
                document = Document(Source(str(path), text), catalog=catalog)
                for check in checks.of_kind(document.kind):
                    list(check.run(document))
                documents[str(path)] = document
                found = document
                firsts["names, first"].append(timed(lambda d=found: occurrences(d)))  # type: ignore[misc]
                firsts["tokens, first"].append(timed(lambda d=found: tokens.find(d)))  # type: ignore[misc]
            workspace_symbols.find("", workspace)
            print(f"{len(document.source.line_starts)} lines, {len(occurrences(document))} names")
            for name, times in firsts.items():
                show(name, times)
            for name, ask_file in of_file(document, workspace):
                show(name, [timed(ask_file) for _ in range(9)])
            places = range(0, len(text), max(1, len(text) // 150))
            for name, ask in questions(document, workspace):
                show(name, [timed(lambda a=at, q=ask: q(a)) for at in places])  # type: ignore[misc]


if __name__ == "__main__":
    main()
