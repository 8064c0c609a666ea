"""How much `st2c check` costs, as ratios that hold on any machine.

    python tests/benchmarks/bench_check.py [CORPUS]

CORPUS is a folder with packs/ (default ../shared/corpus beside the checkout, else docs/examples). Every
figure is the median of several runs; seconds are printed only beside what they are compared with.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from st2lang import yaml
from st2lang.analysis import analyse
from st2lang.catalog import Catalog
from st2lang.source import Source

ROOT = Path(__file__).resolve().parents[2]
REFERENCE_MS = 20.0
"""CPU of the reference engine's own inspection of one corpus workflow, as the project's issue gives it."""


def cpu(action: Callable[[], object], runs: int = 7) -> float:
    """Median CPU seconds of an action."""
    times = []
    for _ in range(runs):
        start = time.process_time()
        action()
        times.append(time.process_time() - start)
    return statistics.median(times)


def wall(command: list[str], runs: int = 15) -> float:
    """Median wall seconds of a process, with its output thrown away."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def events(text: str) -> None:
    """The C parser's events alone: the floor under the YAML layer."""
    from yaml._yaml import CParser

    parser = CParser(text)
    while parser.get_event() is not None:
        pass


def forget_expressions() -> None:
    """Empty the caches of parsed expressions, so that every run parses them again."""
    from st2lang import calls, conditions, inference, symbols
    from st2lang.checks import unknown_function
    from st2lang.dialects import shape
    from st2lang.expressions import embedded, jinja, yaql

    for cached in (
        embedded._scan_orquesta,
        embedded._scan_chain,
        yaql.parse,
        jinja.parse_template,
        symbols._used,
        conditions.truth_of,
        calls._sites,
        unknown_function._called,
    ):
        cached.cache_clear()
    inference._KNOWN.clear()
    shape._FINE.clear()


def workflows(folder: Path) -> list[tuple[str, str]]:
    """Path and text of every Orquesta workflow below a folder."""
    found = sorted(folder.glob("**/actions/workflows/**/*.yaml"))
    texts = [(str(path), path.read_text(encoding="utf-8")) for path in found]
    return [(path, text) for path, text in texts if "tasks:" in text]


def per_workflow(folder: Path) -> None:
    """CPU a workflow, of the YAML layer and of everything."""
    files = workflows(folder)
    catalog = Catalog(installed=None)

    def check() -> None:
        forget_expressions()
        for path, text in files:
            analyse(Source(path, text), kind="orquesta", catalog=catalog)

    check()
    whole = cpu(check) / len(files) * 1000
    tree = cpu(lambda: [yaml.parse(text) for _, text in files]) / len(files) * 1000
    floor = cpu(lambda: [events(text) for _, text in files]) / len(files) * 1000
    print(f"{len(files)} workflows of {folder}, expressions parsed anew in each run")
    print(
        f"  check          {whole:6.2f} ms a workflow  ({REFERENCE_MS / whole:5.1f} times faster than the reference's inspection)"
    )
    print(
        f"  its YAML layer {tree:6.2f} ms a workflow  ({tree / whole:5.0%} of the check, {tree / floor:.1f} times the C parser's events)"
    )


def made_up(tasks: int) -> str:
    """A workflow of about ten lines a task: a chain with a side branch and a join every five tasks."""
    lines = ["version: 1.0", "input:", "  - host", "vars:", "  - n: 0", "tasks:"]
    for i in range(tasks):
        lines += [
            f"  task{i}:",
            "    action: core.local",
            "    input:",
            f'      cmd: echo <% ctx().host %> <% ctx().n + {i} %> "{{x}}"',
            "    next:",
            "      - when: <% succeeded() %>",
            "        publish:",
            "          - n: <% ctx().n + 1 %>",
            f"          - last{i % 50}: <% result().stdout %>",
            f"        do: task{i + 1}" if i + 1 < tasks else "        do: noop",
        ]
    return "\n".join(lines) + "\n"


def linear() -> None:
    """Cost against length: the last column stays near 1 when cost is linear."""
    print("cost against length (milliseconds for 1,000 lines, and relative to the shortest)")
    first = 0.0
    for tasks in (20, 200, 2000):
        text = made_up(tasks)
        lines = text.count("\n")

        def check(text: str = text) -> None:
            forget_expressions()
            analyse(Source("made_up.yaml", text), kind="orquesta")

        cost = cpu(check, runs=5) / lines * 1_000_000
        first = first or cost
        print(f"  {lines:6d} lines  {cost:7.1f} ms  {cost / first:5.2f}")


def start_up() -> None:
    """A whole process on one small file against an empty Python."""
    example = ROOT / "docs/examples/breakfast/actions/workflows/make_breakfast.yaml"
    st2c = str(Path(sys.executable).with_name("st2c"))
    empty = wall([sys.executable, "-c", "pass"])
    check = wall([st2c, "check", str(example)])
    print(
        f"start-up: st2c check on one file takes {check / empty:.1f} times `python -c pass` ({empty * 1000:.0f} ms)"
    )


def metadata() -> None:
    """An index of 4,000 action files, cold and warm."""
    sys.path.insert(0, str(Path(__file__).parent))
    from make_packs import make_packs  # type: ignore[import-not-found]

    with tempfile.TemporaryDirectory() as folder:
        packs, cache = Path(folder, "packs"), Path(folder, "cache")
        make_packs(packs, 40, 100)

        def index() -> int:
            return len(
                Catalog(pack_dirs=[str(packs)], cache_dir=str(cache), installed=None).actions()
            )

        cold = cpu(index, runs=1)
        warm = cpu(index, runs=5)
        print(
            f"index of {index()} actions: warm is {cold / warm:.0f} times faster than cold ({cold:.2f} s, {warm:.2f} s)"
        )


def main() -> None:
    """Print all figures."""
    beside = ROOT.parent / "shared" / "corpus"
    given = Path(sys.argv[1]) if len(sys.argv) > 1 else beside
    folder = given / "packs" if (given / "packs").is_dir() else ROOT / "docs" / "examples"
    per_workflow(folder)
    linear()
    start_up()
    metadata()


if __name__ == "__main__":
    main()
