"""How long an editor waits for the language server.

    python tests/benchmarks/lsp [--quick]

A real server process over standard input and output, in a made-up workspace of 40 packs with 4,000 actions
(made anew each time, see make_packs.py). What is measured: from the start of the process to the first
diagnostics, without and with the cache of an earlier session; while the packs are being read, and afterwards,
from each keystroke to the diagnostics of exactly that text (told and asked for), and from a question to its
answer, in workflows of 300 and 3,000 lines; memory. Milliseconds of wall time, median and 95th percentile, the
95th percentile in parts of the bar that the project has set itself (below 1 is good), and the same two figures
of processor time that the server has spent meanwhile, which other work on the machine disturbs less.

`calibration` is what this machine needs at the moment for a loop of 100,000 additions (about 5 ms on a quiet
machine): when it is much more, so are all other figures.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2])]

from bench_query import workflow  # noqa: E402
from lsp.wire import Wire, inserted, place  # noqa: E402
from make_packs import make_packs  # noqa: E402

PULL = {"textDocument": {"diagnostic": {}}}
SHOWN = {"window": {"workDoneProgress": True}}
BARS = {
    "diagnostics": {300: 40, 3000: 200},
    "completion": {300: 25, 3000: 80},
    "hover": {300: 10, 3000: 10},
    "definition": {300: 10, 3000: 10},
    "start": {0: 1000},
    "memory": {0: 300},
}
REST = 0.3
"""Seconds without a keystroke after which a question is one at rest."""

Cost = tuple[float, float]
LINE = "    action: core.echo message=<% ctx().greeting %>"
"""The line that is typed, character by character."""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer keystrokes")
    keys = 12 if parser.parse_args().quick else len(LINE)
    with tempfile.TemporaryDirectory() as folder:
        root, cache = Path(folder, "workspace"), Path(folder, "cache")
        make_packs(root)
        flows = root / "pack_000" / "actions" / "workflows"
        files = {lines: flows / f"big_{lines}.yaml" for lines in (300, 3000)}
        for lines, path in files.items():
            path.write_text(workflow(lines), encoding="utf-8")
        print(f"calibration {calibration():.1f} ms")
        with session(root, Path(folder, "none"), told=True):
            pass  # so that the modules are compiled, as those of an installed package are
        for state in ("cold", "warm"):
            measure_start(state, root, cache, files[300])
        for told in (True, False):
            with session(root, cache, told) as wire:
                indexed(wire)
                for lines, path in files.items():
                    measure_typing(wire, "pushed" if told else "pulled", path, lines, keys)
                    if told:
                        measure_questions(wire, path, lines)
                if told:
                    show("memory (MB)", [(memory(wire), 0)], BARS["memory"][0])
        print(f"calibration {calibration():.1f} ms")


@contextmanager
def session(root: Path, cache: Path, told: bool) -> Iterator[Wire]:
    """A server in the workspace; it tells diagnostics, or is asked for them."""
    environment = {**os.environ, "ST2C_CACHE_DIR": str(cache)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment["PYTHONPYCACHEPREFIX"] = str(cache.with_name("bytecode"))
    with Wire(env=environment) as wire:
        wire.begin([root], SHOWN if told else SHOWN | PULL)
        yield wire
        wire.end()


def indexed(wire: Wire) -> None:
    """Wait until the packs have been read."""
    wire.until(is_end)


def is_end(message: dict[str, Any]) -> bool:
    return message.get("method") == "$/progress" and message["params"]["value"]["kind"] == "end"


def measure_start(state: str, root: Path, cache: Path, path: Path) -> None:
    """Start to first diagnostics, and typing until all packs have been read."""
    text = path.read_text(encoding="utf-8")
    start = time.perf_counter()
    with session(root, cache, told=True) as wire:
        wire.open(path.as_uri(), text)
        wire.published(path.as_uri(), 1)
        wall = (time.perf_counter() - start) * 1000
        show(f"start, {state} cache", [(wall, spent(wire))], BARS["start"][0])
        version, waits = 1, []
        while not any(map(is_end, wire.heard)):
            version += 1
            waits.append(keystroke(wire, path.as_uri(), version, 6, 0, "x" if version % 2 else "y"))
        print(f"  packs read after {(time.perf_counter() - start) * 1000:.0f} ms")
        show("  keystrokes meanwhile", waits, BARS["diagnostics"][300])
        show("  memory (MB)", [(memory(wire), 0)], BARS["memory"][0])


def keystroke(wire: Wire, uri: str, version: int, line: int, at: int, text: str) -> Cost:
    """From a keystroke to the diagnostics that are published for it."""
    with costs(wire, found := []):
        wire.change(uri, version, inserted(line, at, text))
        wire.published(uri, version)
    return found[0]


def measure_typing(wire: Wire, how: str, path: Path, lines: int, keys: int) -> None:
    """Type a line into the first, a middle and the last task."""
    uri, text = path.as_uri(), path.read_text(encoding="utf-8")
    wire.open(uri, text)
    if how == "pushed":
        wire.published(uri, 1)
    tasks = [number for number, line in enumerate(text.splitlines()) if line.endswith(".work")]
    waits: list[Cost] = []
    version = 1
    for line in (tasks[0], tasks[len(tasks) // 2], tasks[-1]):
        version += 1
        wire.change(uri, version, inserted(line, 0, LINE[:4] + "\n"))
        for at in range(4, 4 + keys):
            version += 1
            letter = LINE[at : at + 1] or "x"
            if how == "pushed":
                waits.append(keystroke(wire, uri, version, line, at, letter))
                continue
            with costs(wire, waits):
                wire.change(uri, version, inserted(line, at, letter))
                wire.ask("textDocument/diagnostic", {"textDocument": {"uri": uri}})
    show(f"diagnostics {how}, {lines} lines", waits, BARS["diagnostics"][lines])
    wire.notify("textDocument/didClose", {"textDocument": {"uri": uri}})


def measure_questions(wire: Wire, path: Path, lines: int) -> None:
    """Ask about names all over the file: at rest, in the moment of a keystroke into the name, and of one beside it."""
    uri, text = path.as_uri(), path.read_text(encoding="utf-8")
    wire.open(uri, text)
    wire.published(uri, 1)
    rows = text.splitlines()
    spots = [
        (row, rows[row].find("ctx().") + 6) for row in range(len(rows)) if "ctx()." in rows[row]
    ]
    spots = spots[:: max(1, len(spots) // 60)]
    version = 1
    for name in ("completion", "hover", "definition"):
        if f"{name}Provider" not in wire.capabilities:
            print(f"  {name}: not offered")
            continue
        rest: list[Cost] = []
        typed: list[Cost] = []
        elsewhere: list[Cost] = []
        for row, column in spots:
            time.sleep(REST)
            with costs(wire, rest):
                wire.ask(f"textDocument/{name}", place(uri, row, column))
            version += 1
            with costs(wire, typed):
                wire.change(uri, version, inserted(row, column, "x"))
                wire.ask(f"textDocument/{name}", place(uri, row, column))
            version += 1
            wire.change(uri, version, inserted(row, column, "", column + 1))
            wire.published(uri, version)
            end = len(rows[row])
            version += 1
            with costs(wire, elsewhere):
                wire.change(uri, version, inserted(row, end, " "))
                wire.ask(f"textDocument/{name}", place(uri, row, column))
            version += 1
            wire.change(uri, version, inserted(row, end, "", end + 1))
            wire.published(uri, version)
        show(f"{name}, {lines} lines", rest, BARS[name][lines])
        show(f"{name} after a key, {lines}", typed, BARS[name][lines])
        show(f"{name}, a key beside it, {lines}", elsewhere, BARS[name][lines])
    wire.notify("textDocument/didClose", {"textDocument": {"uri": uri}})


def memory(wire: Wire) -> float:
    """Resident memory of the server in MB."""
    with open(f"/proc/{wire.process.pid}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def calibration() -> float:
    def loop() -> float:
        start, total = time.process_time(), 0
        for number in range(100_000):
            total += number
        return (time.process_time() - start) * 1000

    return min(loop() for _ in range(10))


@contextmanager
def costs(wire: Wire, into: list[Cost]) -> Iterator[None]:
    """Adds what happens inside to `into`: milliseconds of wall time, and of the server's processors."""
    before, start = spent(wire), time.perf_counter()
    yield
    wall = (time.perf_counter() - start) * 1000
    into.append((wall, spent(wire) - before))


def spent(wire: Wire) -> float:
    """Milliseconds of processor time that the server has used so far."""
    total = 0
    for file in Path(f"/proc/{wire.process.pid}/task").glob("*/schedstat"):
        total += int(file.read_text().split()[0])
    return total / 1e6


def show(name: str, figures: list[Cost], bar: float) -> None:
    """One line of the result."""
    if not figures:
        print(f"  {name:34} none")
        return
    wall, high = quantiles([figure[0] for figure in figures])
    cpu, high_cpu = quantiles([figure[1] for figure in figures])
    told = f"   cpu {cpu:8.1f} {high_cpu:8.1f}  {high_cpu / bar:6.2f}" if high_cpu else ""
    print(f"  {name:34} {wall:8.1f} {high:8.1f} {high / bar:6.2f} of {bar}{told}", flush=True)


def quantiles(figures: list[float]) -> tuple[float, float]:
    """Median and 95th percentile."""
    figures = sorted(figures)
    return figures[len(figures) // 2], figures[int(len(figures) * 0.95)]


if __name__ == "__main__":
    main()
