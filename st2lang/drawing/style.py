"""The style sheet of the SVG: colours for light pages, and those that differ on dark ones.

Colours are written where they are used instead of as variables, so that viewers that know neither
variables nor media queries still show the light drawing.
"""

from __future__ import annotations

_SANS = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"
_MONO = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace"

_LIGHT = {
    ".page": "fill:#ffffff",
    "text": f"font-family:{_SANS};fill:#1f2328",
    ".title": "font-size:17px;font-weight:600",
    ".subtitle": "font-size:12px;fill:#656d76",
    ".node text": "text-anchor:middle",
    ".name": "font-size:13px;font-weight:600",
    ".action": f"font-family:{_MONO};font-size:11px;fill:#57606a",
    ".note": "font-size:10.5px;fill:#8250df",
    ".shape": "fill:#f6f8fa;stroke:#afb8c1;stroke-width:1.2",
    ".behind": "fill:#eaeef2;stroke:#afb8c1;stroke-width:1.2",
    ".bar": "stroke:#57606a;stroke-width:4;stroke-linecap:round",
    ".start circle": "fill:#57606a",
    ".end circle": "fill:none;stroke:#57606a;stroke-width:1.6",
    ".end .core": "fill:#57606a;stroke:none",
    ".command .shape": "fill:#ffffff;stroke:#8c959f",
    ".command .name": "font-size:11px;fill:#57606a",
    ".fail .shape": "fill:#ffebe9;stroke:#cf222e",
    ".fail .name": "fill:#cf222e",
    ".missing .shape": "fill:#ffebe9;stroke:#cf222e;stroke-dasharray:5 3",
    ".missing .name,.missing .note": "fill:#cf222e",
    ".unreached": "opacity:.55",
    ".unreached .shape": "stroke-dasharray:5 3",
    ".line": "fill:none;stroke:#6e7781;stroke-width:1.5",
    ".head": "fill:#6e7781",
    ".success .line": "stroke:#1a7f37",
    ".success .head": "fill:#1a7f37",
    ".failure .line": "stroke:#cf222e",
    ".failure .head": "fill:#cf222e",
    ".back .line": "stroke-dasharray:6 4",
    ".label rect": "fill:#ffffff;stroke:#d0d7de",
    ".label.success rect": "fill:#f3fbf5;stroke:#aceebb",
    ".label.failure rect": "fill:#fff5f4;stroke:#ffcecb",
    ".label text": "font-size:10.5px;text-anchor:middle;fill:#57606a",
    ".label.success text": "fill:#1a7f37",
    ".label.failure text": "fill:#cf222e",
}

_DARK = {
    ".page": "fill:#0d1117",
    "text": "fill:#e6edf3",
    ".subtitle": "fill:#8d96a0",
    ".action": "fill:#9ea7b3",
    ".note": "fill:#bc8cff",
    ".shape": "fill:#161b22;stroke:#484f58",
    ".behind": "fill:#0d1117;stroke:#484f58",
    ".bar": "stroke:#9ea7b3",
    ".start circle": "fill:#9ea7b3",
    ".end circle": "stroke:#9ea7b3",
    ".end .core": "fill:#9ea7b3",
    ".command .shape": "fill:#0d1117;stroke:#6e7681",
    ".command .name": "fill:#9ea7b3",
    ".fail .shape": "fill:#2d1215;stroke:#f85149",
    ".fail .name": "fill:#f85149",
    ".missing .shape": "fill:#2d1215;stroke:#f85149",
    ".missing .name,.missing .note": "fill:#f85149",
    ".line": "stroke:#7d8590",
    ".head": "fill:#7d8590",
    ".success .line": "stroke:#3fb950",
    ".success .head": "fill:#3fb950",
    ".failure .line": "stroke:#f85149",
    ".failure .head": "fill:#f85149",
    ".label rect": "fill:#0d1117;stroke:#30363d",
    ".label.success rect": "fill:#0d1d14;stroke:#1b4b28",
    ".label.failure rect": "fill:#1d1012;stroke:#5c1f20",
    ".label text": "fill:#9ea7b3",
    ".label.success text": "fill:#3fb950",
    ".label.failure text": "fill:#f85149",
}


def _sheet(rules: dict[str, str]) -> str:
    """The rules, each for this drawing alone: a page may hold others."""
    return "".join(
        f"{','.join(f'.st2c-graph {part}' for part in selector.split(','))}{{{style}}}"
        for selector, style in rules.items()
    )


STYLE = f"{_sheet(_LIGHT)}@media (prefers-color-scheme:dark){{{_sheet(_DARK)}}}"
