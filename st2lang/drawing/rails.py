"""Rails beside a list of lines: each joins some of the lines, and no two run in the same column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

_UP, _DOWN, _LEFT, _RIGHT = 1, 2, 4, 8
_GLYPHS = {
    0: " ",
    _UP | _DOWN: "│",
    _LEFT | _RIGHT: "─",
    _DOWN | _RIGHT: "╭",
    _UP | _RIGHT: "╰",
    _UP | _DOWN | _RIGHT: "├",
    _DOWN | _LEFT | _RIGHT: "┬",
    _UP | _LEFT | _RIGHT: "┴",
    _UP | _DOWN | _LEFT | _RIGHT: "┼",
}
_PLAIN = str.maketrans(
    {"│": "|", "─": "-", "╭": ".", "╰": "'", "├": "+", "┬": "+", "┴": "+", "┼": "+"}
)


class Rails:
    """The rails of a list. `spans` are the lines that each one joins, two or more, rising."""

    def __init__(self, spans: Mapping[str, Sequence[int]], most: int) -> None:
        """`most` columns of rails are drawn; the longest rails are left out where there are more."""
        self._ends = {name: (lines[0], lines[-1]) for name, lines in spans.items()}
        self._lane: dict[str, int] = {}
        taken: list[list[tuple[int, int]]] = []
        for name in sorted(self._ends, key=lambda name: (self._length(name), self._ends[name])):
            first, last = self._ends[name]
            lane = next(
                (n for n, ends in enumerate(taken) if all(last < a or b < first for a, b in ends)),
                len(taken),
            )
            if lane == len(taken):
                if lane == most:
                    continue
                taken.append([])
            taken[lane].append((first, last))
            self._lane[name] = lane
        self._lanes = len(taken)

    def _length(self, name: str) -> int:
        first, last = self._ends[name]
        return last - first

    def line(self, number: int, joins: Iterable[str]) -> tuple[str, bool]:
        """What stands left of a line that is joined to these rails, and whether it is to any."""
        cells = [0] * self._lanes
        for name, lane in self._lane.items():
            first, last = self._ends[name]
            if first <= number <= last:
                cells[lane] |= (_UP if number > first else 0) | (_DOWN if number < last else 0)
        joined = [self._lane[name] for name in joins if name in self._lane]
        outermost = max(joined, default=-1)
        text = ""
        for lane in range(self._lanes - 1, -1, -1):  # the shortest rails are next to the words
            cell = cells[lane]
            if lane < outermost:
                cell |= _LEFT | _RIGHT
            elif lane == outermost:
                cell |= _RIGHT
            text += _GLYPHS[cell] + ("─" if lane <= outermost else " ")
        return text, bool(joined)

    @staticmethod
    def plain(text: str) -> str:
        """Rails in 7-bit characters."""
        return text.translate(_PLAIN)
