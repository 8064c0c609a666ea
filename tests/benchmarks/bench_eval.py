"""How much an expression costs, in microseconds and as ratios to the packages yaql and jinja2.

    python tests/benchmarks/bench_eval.py

Every figure is the best of several rounds. «10,000» is the same expression beside ten thousand other
variables: it must cost the same. «package» is what the reference does for each evaluation: yaql converts
all variables and walks its tree; jinja2 compiles the expression.
"""

from __future__ import annotations

import io
import json
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from st2lang.evaluation import Scope, render, render_chain

VARIABLES: dict[str, Any] = {
    "name": "joe",
    "a": {"b": [1, 2, 3, 4, 5, 6, 7, 8]},
    "hosts": [{"name": f"web{i}", "port": 80 + i, "up": i % 2 == 0} for i in range(20)],
}
MANY = {**{f"variable_{i}": {"number": i} for i in range(10_000)}, **VARIABLES}

CASES = (
    ("a hit variable", "<% ctx().name %>", 8.0),
    ("the same, as an argument", "<% ctx(name) %>", 8.0),
    ("select and sum", "<% ctx().a.b.select($ + 1).sum() %>", 40.0),
    ("where and select of 20", "<% ctx().hosts.where($.up).select($.name) %>", None),
    ("a condition", "<% succeeded() and ctx().name = joe %>", None),
    ("YAQL in a text", "on <% ctx().name %>: <% ctx().a.b[0] %>", None),
    ("Jinja: a hit variable", "{{ ctx().name }}", 8.0),
    ("Jinja: a filter", "{{ ctx().name | upper }}", None),
    ("Jinja: map and sum", "{{ ctx().a.b | map('int') | sum }}", None),
    ("Jinja in a text", "on {{ ctx().name }}: {{ ctx().a.b[0] }}", None),
    ("Jinja: a loop over 20", "{% for h in ctx().hosts %}{{ h.name }} {% endfor %}", None),
    ("a text without expressions", "nothing to see here", None),
)


def best(action: Callable[[], object], rounds: int = 7, least: float = 0.02) -> float:
    """Microseconds of an action: the fastest of several rounds, each at least so many seconds long."""
    action()
    count = 1
    while True:
        start = time.perf_counter()
        for _ in range(count):
            action()
        if time.perf_counter() - start >= least or count > 1_000_000:
            break
        count *= 4
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        for _ in range(count):
            action()
        times.append((time.perf_counter() - start) / count)
    return min(times) * 1e6


def scope(variables: dict[str, Any]) -> Scope:
    """A workflow whose current task has succeeded."""
    return Scope(variables, task={"id": "t", "route": 0}, status=lambda name, route: "succeeded")


def by_package(text: str) -> float | None:
    """What the package needs for an expression; None where it is not installed, or for other texts."""
    if text.startswith("{"):
        return _by_jinja2(text) if text.count("{{") == 1 else None
    try:
        import collections.abc  # noqa: F401 (yaql needs it and does not import it)

        import yaql
        from yaql.language import utils
    except ImportError:
        return None
    if not text.startswith("<%") or text.count("<%") > 1 or "succeeded" in text:
        return None
    engine, root = yaql.YaqlFactory().create(), yaql.create_context()
    root.register_function(
        lambda context, key=None: context["v"][key] if key else dict(context["v"]), name="ctx"
    )

    def evaluate() -> object:
        context = root.create_child_context()
        context["v"] = utils.convert_input_data(VARIABLES)
        return engine(text.strip("<%>").strip()).evaluate(context=context)

    return best(evaluate, rounds=3)


def _by_jinja2(text: str) -> float:
    import jinja2

    engine = jinja2.Environment(undefined=jinja2.StrictUndefined)

    def ctx(key: str | None = None) -> Any:
        return VARIABLES[key] if key else dict(VARIABLES)

    def evaluate() -> object:
        if text.startswith("{%"):
            return engine.from_string(text).render(ctx=ctx)
        return engine.compile_expression(text.strip("{} "), undefined_to_none=False)(ctx=ctx)

    return best(evaluate, rounds=3)


def table() -> bool:
    """Print every case; False when one of those with a bar is above it."""
    few, many, held = scope(VARIABLES), scope(MANY), True
    print(f"{'':28}{'µs':>8}{'10,000':>9}{'ratio':>7}{'package':>10}{'ratio':>8}{'bar':>6}")
    for title, text, bar in CASES:
        small = best(lambda text=text: render(text, few))
        large = best(lambda text=text: render(text, many))
        package = by_package(text)
        compared = "" if package is None else f"{package:10.0f}{package / small:7.0f}×"
        print(f"{title:28}{small:8.2f}{large:9.2f}{large / small:7.2f}{compared:18}{bar or '':>6}")
        held = held and (bar is None or small < bar)
    return held


def chain() -> None:
    """Values of ActionChains."""
    few, many = scope(VARIABLES), scope(MANY)
    for title, value in (
        ("ActionChain: a variable", "{{ name }}"),
        ("ActionChain: a dict", {"cmd": "echo {{ name }}", "n": "{{ a.b[0] }}"}),
    ):
        small = best(lambda value=value: render_chain(value, few))
        large = best(lambda value=value: render_chain(value, many))
        print(f"{title:28}{small:8.2f}{large:9.2f}{large / small:7.2f}")


def batch(count: int = 20_000) -> None:
    """Lines a second of `st2c eval --batch`, every line another expression."""
    from st2lang.commands.main import main

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "lines.jsonl")
        path.write_text(
            "".join(
                json.dumps(
                    {"kind": "yaql", "expr": f"$.b.select($ + {i}).sum()", "data": VARIABLES["a"]}
                )
                + "\n"
                for i in range(count)
            )
        )
        start = time.perf_counter()
        with redirect_stdout(io.StringIO()):
            main(["eval", "--batch", str(path)])
        print(
            f"{'st2c eval --batch':28}{count / (time.perf_counter() - start):8.0f} lines a second"
        )


if __name__ == "__main__":
    fine = table()
    chain()
    batch()
    sys.exit(not fine)
