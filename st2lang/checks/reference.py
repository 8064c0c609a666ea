"""Writes `docs/checks/` from the checks themselves: `python -m st2lang.checks.reference [--check]`.

A page a check and a table of all. With `--check` nothing is written; the exit code is 1 when a page is
missing, stale or left over.
"""

from __future__ import annotations

import sys
from pathlib import Path

from st2lang import checks

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "checks"

_KINDS = {
    "orquesta": "Orquesta workflows",
    "action-chain": "ActionChains",
    "action": "action metadata",
    "pack": "`pack.yaml`",
}


def pages() -> dict[str, str]:
    """Every page by file name."""
    made = {f"{check.id}.md": page(check) for check in checks.all()}
    rows = (f"| [{c.id}]({c.id}.md) | {c.severity.value} | {c.summary} |" for c in checks.all())
    table = "\n".join(("| check | severity | what it finds |", "|---|---|---|", *rows))
    intro = (
        "What `st2c check` looks for. `st2c explain CHECK` shows the same pages. A finding is silenced by\n"
        "a comment, `# st2c: ignore[CHECK] reason`; `ignore` and `severity` in the configuration decide for\n"
        "a whole project."
    )
    made["README.md"] = f"# Checks\n\n{intro}\n\n{table}\n"
    return made


def page(check: checks.Check) -> str:
    """The page of one check."""
    kinds = ", ".join(_KINDS[kind] for kind in check.kinds if kind in _KINDS)
    facts = f"*{check.severity.value}*, in {kinds}" if kinds else f"*{check.severity.value}*"
    return f"# {check.id}\n\n{facts}\n\n{check.documentation}\n"


def stale() -> list[str]:
    """The names of pages that are missing, differ, or belong to no check."""
    wanted = pages()
    present = {path.name for path in FOLDER.glob("*.md")}
    differing = (
        name
        for name, text in wanted.items()
        if name not in present or (FOLDER / name).read_text(encoding="utf-8") != text
    )
    return sorted({*differing, *(present - wanted.keys())})


def main() -> int:
    """Write or check the pages."""
    if "--check" in sys.argv[1:]:
        names = stale()
        if names:
            print(
                f"stale in docs/checks: {', '.join(names)}; run python -m st2lang.checks.reference"
            )
        return bool(names)
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = pages()
    for path in FOLDER.glob("*.md"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
