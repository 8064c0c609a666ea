"""Draws graphs: as SVG, as text for a terminal, for Mermaid and Graphviz, and as data for other programs.

    graph ──▶ picture (nodes, edges, words) ──▶ svg | ascii | mermaid | dot | json
                          └──▶ layout (places, routes) ──┘ svg, json

`picture.py` decides what there is to see, once for all formats; a format only knows how to write it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from st2lang.graph import Graph

if TYPE_CHECKING:
    from st2lang.drawing.picture import Picture

FORMATS = ("ascii", "svg", "mermaid", "dot", "json")


class DrawingError(Exception):
    """A drawing that cannot be made here; the message says what is missing."""


Paint = Callable[[str, str], str]
"""Gives a text the look of a style: name, text → text with escape sequences."""


def draw(
    graph: Graph,
    form: str = "ascii",
    *,
    width: int = 100,
    plain: bool = False,
    paint: Paint | None = None,
) -> str:
    """A graph as the text of a file in one of `FORMATS`, ending with a line break.

    `width` (columns), `plain` (7-bit characters alone) and `paint` count for ascii. The same graph gives
    the same text. Raises `DrawingError` when svg or json is wanted and the package for layouts is missing,
    `ValueError` for an unknown format.
    """
    from st2lang.drawing.picture import picture

    return render(picture(graph), form, width=width, plain=plain, paint=paint)


def render(
    shown: Picture,
    form: str = "ascii",
    *,
    width: int = 100,
    plain: bool = False,
    paint: Paint | None = None,
) -> str:
    """A picture as the text of a file; see `draw`."""
    match form:
        case "ascii":
            from st2lang.drawing.ascii import render as in_lines

            return in_lines(shown, width, plain=plain, paint=paint)
        case "svg":
            from st2lang.drawing import svg

            return svg.render(shown)
        case "mermaid":
            from st2lang.drawing import mermaid

            return mermaid.render(shown)
        case "dot":
            from st2lang.drawing import dot

            return dot.render(shown)
        case "json":
            from st2lang.drawing import data

            return data.render(shown)
        case _:
            raise ValueError(f"unknown format {form!r}")
