"""The few words that a drawing has room for: conditions in short, and what is special about a task."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from st2lang.conditions import truth_of
from st2lang.graph import Graph, Task, Transition
from st2lang.patterns import lazy

Tone = Literal["success", "failure", "plain"]
"""When an edge is taken: only after a success, only after a failure, or not decided by that alone."""

LABEL = 38
"""The most characters on a line of a label: two edges side by side stay readable."""

_OUTCOME = lazy(r"(?<![\w.])(succeeded|failed|completed)\(\)")
_DELIMITED = lazy(r"\s*(?:<%(.*)%>|\{\{(.*)\}\})\s*", 16)  # 16: DOTALL


def clean(text: str) -> str:
    """A text on one line that steers neither a terminal nor a viewer: what is not printable is replaced."""
    flat = " ".join(text.split())
    if flat.isprintable():
        return flat
    return "".join(char if char.isprintable() else "\ufffd" for char in flat)


def short(value: Any, most: int = 2 * LABEL) -> str:
    """A value on one line, an expression without its delimiters, cut to so many characters."""
    text = str(value)
    found = _DELIMITED.fullmatch(text)
    if found is not None and text.count("<%") + text.count("{{") == 1:
        text = found[1] or found[2] or ""
    text = clean(text)
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def wrapped(label: str) -> tuple[str, ...]:
    """A label on one line or two, broken between words where that is possible."""
    if len(label) <= LABEL:
        return (label,)
    spaces = (at for at, char in enumerate(label) if char == " " and at <= LABEL)
    at = min(spaces, key=lambda at: max(at, len(label) - at), default=LABEL)
    first, rest = label[:at], label[at:].lstrip()
    return first, rest if len(rest) <= LABEL else f"{rest[: LABEL - 1].rstrip()}…"


def condition(transition: Transition) -> tuple[str, Tone]:
    """The label of an edge and its tone."""
    if transition.on != "any":
        return ("succeeded", "success") if transition.on == "success" else ("failed", "failure")
    when = transition.when
    if when is None:
        return "", "plain"
    text = when if isinstance(when, str) else str(when).lower()
    label = short(_OUTCOME.sub(lambda found: found[1], short(text, 1000)))
    if not isinstance(when, str):
        return label, "plain"
    after_success, after_failure = truth_of(when, True), truth_of(when, False)
    if after_failure is False and after_success is not False:
        return label, "success"
    if after_success is False and after_failure is not False:
        return label, "failure"
    return label, "plain"


def notes_of(graph: Graph, task: Task) -> tuple[str, ...]:
    """What a task does besides running its action once, in the order in which it happens."""
    return tuple(_notes(graph, task))


def _notes(graph: Graph, task: Task) -> Iterator[str]:
    if task.join is not None:
        inbound = len({name for name, _ in graph.inbound[task.name]})
        yield f"join all {inbound}" if task.join == "all" else f"join {task.join} of {inbound}"
    if task.split:
        yield "runs for each arrival"
    if task.delay is not None:
        yield f"delay {_seconds(task.delay)}"
    if task.items is not None:
        names = ", ".join(task.items.names) or "item"
        limit = task.items.concurrency
        some = "" if limit is None else f", {short(limit, 20)} at once"
        yield f"for each {short(names, 28)}{some}"
    if task.retry is not None:
        count = "" if task.retry.count is None else f" {short(task.retry.count, 20)}×"
        pause = task.retry.delay
        wait = "" if pause is None else f", after {_seconds(pause)}"
        yield f"retry{count}{wait}"


def _seconds(value: Any) -> str:
    text = short(value, 20)
    return f"{text} s" if isinstance(value, int | float) else text
