"""Write `st2lang/catalog/builtin.json`: StackStorm's own packs and runners, names and types only.

    python scripts/generate_builtin_catalog.py PACKS_DIR [RUNNERS]

PACKS_DIR holds the pack folders (`contrib/` of StackStorm/st2 will do); RUNNERS is a file laid out like a
runner.yaml, by default the `builtin_runners.yaml` beside this script. Descriptions and other prose are left
out. `--check` compares instead of writing and ends with 1 when the file is out of date.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import yaml

PACKS = ("core", "chatops", "packs", "linux")
ACTION_KEYS = ("runner_type", "entry_point", "enabled", "output_schema", "output_key", "parameters")
PROSE = {"description", "title"}
HERE = Path(__file__).resolve().parent
TARGET = HERE.parent / "st2lang" / "catalog" / "builtin.json"


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("packs", type=Path)
    arguments.add_argument("runners", type=Path, nargs="?", default=HERE / "builtin_runners.yaml")
    arguments.add_argument("--check", action="store_true")
    options = arguments.parse_args()
    text = generate(options.packs, options.runners)
    if options.check:
        return int(TARGET.read_text(encoding="utf-8") != text)
    TARGET.write_text(text, encoding="utf-8")
    return 0


def generate(packs_dir: Path, runners_file: Path) -> str:
    """The text of the data file."""
    entries = yaml.safe_load(runners_file.read_text(encoding="utf-8"))
    aliases = {alias: e["name"] for e in entries for alias in e.get("aliases", ())}
    aliases |= {e["name"]: e["replaced_by"] for e in entries if "replaced_by" in e}
    return layout(
        {
            "aliases": aliases,
            "runners": {e["name"]: runner(e) for e in entries if "replaced_by" not in e},
            "actions": {ref: data for name in PACKS for ref, data in actions(packs_dir, name)},
        }
    )


def runner(entry: dict[str, Any]) -> dict[str, Any]:
    """A runner without its name and what is empty."""
    return {key: without_prose(value) for key, value in entry.items() if key != "name" and value}


def actions(packs_dir: Path, pack: str) -> list[tuple[str, dict[str, Any]]]:
    """The actions of a pack by reference."""
    found = []
    for file in sorted((packs_dir / pack / "actions").glob("*.yaml")):
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
        kept = {key: data[key] for key in ACTION_KEYS if data.get(key) not in (None, "", {}, True)}
        if parameters := data.get("parameters"):
            kept["parameters"] = without_prose(parameters, inside_properties=True)
        found.append((f"{pack}.{data['name']}", kept))
    return sorted(found)


def without_prose(value: Any, inside_properties: bool = False) -> Any:
    """A schema without descriptions and titles (a property that is named so stays)."""
    if isinstance(value, list):
        return [without_prose(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get("immutable") is True and isinstance(value.get("default"), str):
        value = {
            **value,
            "default": "",
        }  # a command nobody can change: only that there is one matters
    names = {"properties", "runner_parameters", "patternProperties"}
    return {
        key: item if key in ("default", "enum") else without_prose(item, key in names)
        for key, item in value.items()
        if inside_properties or key not in PROSE
    }


def layout(sections: dict[str, dict[str, Any]]) -> str:
    """JSON with one runner or action a line, so that changes can be read."""
    blocks = []
    for title, section in sections.items():
        lines = [f"    {json.dumps(key)}: {json.dumps(value)}" for key, value in section.items()]
        blocks.append(f"  {json.dumps(title)}: {{\n" + ",\n".join(lines) + "\n  }")
    return "{\n" + ",\n".join(blocks) + "\n}\n"


if __name__ == "__main__":
    sys.exit(main())
