"""Markdown as text for editors that show none: the same words without the signs."""

from __future__ import annotations

from st2lang.patterns import lazy

_FENCE = lazy(r"^```")
_RULE = lazy(r"^\|(?:\s*:?-+:?\s*\|)+\s*$")
_STRONG = lazy(r"\*\*([^*]+)\*\*")
_CODE = lazy(r"(`+) ?(.+?) ?\1")
_LINK = lazy(r"\[([^\]]+)\]\(([^)\s]+)\)")
_CELLS = lazy(r"(?<!\\)\|")


def unmarked(markdown: str) -> str:
    """The text of some Markdown, of the kind that `describe` writes."""
    lines: list[str] = []
    fenced = False
    for line in markdown.split("\n"):
        if _FENCE.match(line):
            fenced = not fenced
        elif fenced:
            lines.append(line)
        elif not _RULE.match(line):
            lines.append(_line(line))
    return "\n".join(lines)


def _line(line: str) -> str:
    if line.startswith("|") and line.endswith("|"):
        cells = [cell.strip() for cell in _CELLS.split(line[1:-1])]
        line = "  ".join(cell.replace("\\|", "|") for cell in cells if cell)
    line = _STRONG.sub(r"\1", line)
    line = _LINK.sub(r"\1 (\2)", line)
    return _CODE.sub(r"\2", line)
