"""Statuses, times and values in as few words as a line has room for."""

from __future__ import annotations

from typing import Any

GLYPHS = {
    "requested": "○",
    "delayed": "◌",
    "running": "●",
    "pending": "?",
    "pausing": "‖",
    "paused": "‖",
    "resuming": "●",
    "retrying": "↻",
    "succeeded": "✓",
    "failed": "✗",
    "timeout": "◷",
    "abandoned": "✗",
    "canceling": "⊘",
    "canceled": "⊘",
}
STYLES = {
    "running": "info",
    "retrying": "warning",
    "succeeded": "added",
    "failed": "error",
    "timeout": "error",
    "abandoned": "error",
    "canceling": "warning",
    "canceled": "warning",
    "pending": "warning",
    "paused": "warning",
    "pausing": "warning",
}
"""The styles of `st2lang.commands.terminal` by status."""


def duration(seconds: float) -> str:
    """`40 ms`, `1.2 s`, `75 s`, `12 min 5 s`, `3 h 20 min`."""
    if seconds < 0.0995:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    if seconds < 120:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 120:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def count(number: int, word: str) -> str:
    """`1 item`, `3 items`; `tries` for `try`."""
    if number == 1:
        return f"1 {word}"
    return f"{number} {word[:-1]}ies" if word.endswith("y") else f"{number} {word}s"


def brief(value: Any, width: int = 60) -> str:
    """A value on one line, cut to a width."""
    from st2lang.commands.terminal import printable

    if isinstance(value, str):
        text = value
    else:
        import json

        try:
            text = json.dumps(value, ensure_ascii=False)
        except (TypeError, ValueError):
            text = str(value)
    return cut(printable(" ".join(text.split())), width)


def assignments(values: Any, width: int = 100) -> str:
    """`cmd="ls -l" timeout=5`: rendered input on one line, as it could be written inline."""
    if not isinstance(values, dict):
        return brief(values, width)
    import json

    parts = [
        f"{name}={json.dumps(value, ensure_ascii=False, default=str)}"
        for name, value in values.items()
    ]
    return brief(" ".join(parts), width)


def cut(text: str, width: int) -> str:
    """A text of at most so many cells; what is cut ends in an ellipsis."""
    from st2lang.commands.terminal import cells

    if cells(text) <= width:
        return text
    while text and cells(text) > max(0, width - 1):
        text = text[: max(0, len(text) - max(1, (cells(text) - width) // 2))]
    return text + "…"
