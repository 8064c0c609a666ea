"""A run on a terminal while it runs: a tree that is drawn again and again in the same place.

What is drawn fits on the screen and costs the same however long the run: what runs now, what ended last, and
what leads to these.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from st2lang.commands.terminal import printable
from st2runtime.display.words import GLYPHS, STYLES, brief, count, duration
from st2runtime.engines.steps import FINAL, Step

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

RATE = 10
"""How often a second it is drawn."""
_SPIN = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_COLOURS = {
    "info": "bold cyan",
    "added": "green",
    "error": "bold red",
    "warning": "bold yellow",
    "frame": "blue",
}


class LiveTree:
    """A watcher that draws. `start` before the run, `draw` now and then, `stop` at its end.

    `text` masks secrets. Between `stop` and `start` somebody else may write to the terminal.
    """

    def __init__(self, console: Console, text: Callable[[str], str]) -> None:
        self._console, self._text = console, text
        self._live: Any = None
        self._order: dict[int, int] = {}
        self._active: dict[int, Step] = {}
        self._recent: deque[Step] = deque(maxlen=200)
        self._ended: dict[str, int] = {}
        self._root: Step | None = None
        self._note = ""

    def start(self) -> None:
        """Take the lower part of the screen."""
        from rich.live import Live

        self._live = Live(
            console=self._console,
            auto_refresh=False,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
            vertical_overflow="crop",
        )
        self._live.start()
        self.draw()

    def stop(self) -> None:
        """Give it back, empty."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def draw(self) -> None:
        """Draw what there is now."""
        if self._live is not None and self._root is not None:
            from rich.text import Text

            lines = list(self._lines(time.monotonic(), max(4, self._console.size.height - 2)))
            self._live.update(
                Text("\n", no_wrap=True, overflow="ellipsis").join(lines), refresh=True
            )

    def began(self, step: Step) -> None:
        """A new step."""
        if step.parent is None:
            self._root = step
        else:
            self._order[id(step)] = len(self._order)
            self._active[id(step)] = step

    def changed(self, step: Step) -> None:
        """It runs, or has ended."""
        if step.parent is not None and step.status in FINAL:
            self._active.pop(id(step), None)
            self._recent.append(step)
            self._ended[step.status] = self._ended.get(step.status, 0) + 1

    def line(self, step: Step, stream: str, text: str) -> None:
        """The step knows its last line."""

    def note(self, text: str) -> None:
        """A remark that stays at the bottom."""
        self._note = text
        self.draw()

    def _lines(self, now: float, height: int) -> Iterator[Text]:
        from rich.text import Text

        assert self._root is not None
        tail = 1 + bool(self._note)
        shown = self._shown(height - 1 - tail)
        yield self._line(self._root, "", now, bare=True)
        yield from self._tree(self._root, shown, "", now)
        yield self._summary(len(shown))
        if self._note:
            yield Text(self._note, style="bold yellow")

    def _shown(self, room: int) -> dict[int, Step]:
        """The steps that there is room for: what runs, then what ended last, each with what is above."""
        chosen: dict[int, Step] = {}
        for step in (*self._running(), *reversed(self._recent)):
            above: list[Step] = []
            one: Step | None = step
            while one is not None and one.parent is not None and id(one) not in chosen:
                above.append(one)
                one = one.parent
            if len(chosen) + len(above) > room:
                break
            chosen.update((id(each), each) for each in above)
        return chosen

    def _running(self) -> Iterable[Step]:
        """What runs or waits, deepest first to last; no more than any screen holds."""
        found = []
        for step in self._active.values():
            found.append(step)
            if len(found) == 200:
                break
        return found

    def _tree(self, step: Step, shown: dict[int, Step], stem: str, now: float) -> Iterator[Text]:
        children = sorted(
            (child for child in shown.values() if child.parent is step),
            key=lambda child: self._order[id(child)],
        )
        for index, child in enumerate(children):
            last = index == len(children) - 1
            yield self._line(child, stem + ("└─ " if last else "├─ "), now)
            yield from self._tree(child, shown, stem + ("   " if last else "│  "), now)

    def _line(self, step: Step, branch: str, now: float, bare: bool = False) -> Text:
        from rich.text import Text

        style = _COLOURS.get(STYLES.get(step.status, "frame"), "")
        running = step.status == "running"
        glyph = _SPIN[int(now * RATE) % len(_SPIN)] if running else GLYPHS.get(step.status, "·")
        line = Text(branch, style="blue").append(f"{glyph} ", style=style)
        item = "" if step.item is None else f"[{step.item}]"
        line.append(printable(step.name) + item, style="bold")
        if step.action and not bare and step.item is None:
            line.append(f"  {printable(step.action)}", style="magenta")
        if step.started is not None:
            took = duration((now if step.ended is None else step.ended) - step.started)
            line.append(f"  {took}", style="blue")
        if step.attempt:
            line.append(f"  try {step.attempt + 1}", style="yellow")
        said = step.error or step.line
        if said and not step.children:
            line.append(f"  {brief(self._text(said), 200)}")
        return line

    def _summary(self, shown: int) -> Text:
        from rich.text import Text

        parts = [f"{number} {status}" for status, number in sorted(self._ended.items())]
        running = sum(step.status == "running" for step in self._running())
        parts += [f"{running} running"] if running else []
        hidden = len(self._active) + sum(self._ended.values()) - shown
        parts += [f"{count(hidden, 'line')} not shown"] if hidden > 0 else []
        return Text("   " + ", ".join(parts), style="blue")
