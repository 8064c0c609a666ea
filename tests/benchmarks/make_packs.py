"""A workspace of made-up packs, always the same for the same numbers.

    python tests/benchmarks/make_packs.py FOLDER [PACKS [ACTIONS]]

writes PACKS packs (default 40) of ACTIONS actions each (default 100) into FOLDER: metadata of the sizes and
shapes that real packs have, every fifth action an Orquesta workflow and every tenth an ActionChain.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

_RUNNERS = (
    "python-script",
    "python-script",
    "local-shell-cmd",
    "remote-shell-script",
    "http-request",
)
_TYPES = ("string", "string", "string", "integer", "boolean", "array", "object")
_WORDS = [
    "host",
    "user",
    "name",
    "path",
    "state",
    "token",
    "region",
    "zone",
    "queue",
    "filter",
    "limit",
    "label",
    "owner",
    "team",
    "kind",
]


def make_packs(folder: Path, packs: int = 40, actions: int = 100) -> list[Path]:
    """Write the packs and return their workflow files."""
    workflows: list[Path] = []
    for number in range(packs):
        pack = f"pack_{number:03}"
        home = folder / pack
        (home / "actions" / "workflows").mkdir(parents=True)
        (home / "pack.yaml").write_text(_manifest(pack), encoding="utf-8")
        for index in range(actions):
            workflows.extend(_action(home, pack, index, actions, packs))
    return workflows


def _manifest(pack: str) -> str:
    return (
        f"---\nref: {pack}\nname: {pack}\ndescription: Made for measuring.\nversion: 1.0.0\n"
        'python_versions:\n  - "3"\nauthor: Nobody\nemail: nobody@example.com\n'
    )


def _action(home: Path, pack: str, index: int, actions: int, packs: int) -> list[Path]:
    rng = random.Random(f"{pack}.{index}")
    name = f"{rng.choice(_WORDS)}_{index:03}"
    runner, entry = rng.choice(_RUNNERS), f"{name}.py"
    written: list[Path] = []
    if index % 5 == 0:
        chain = index % 10 == 0
        runner = "action-chain" if chain else "orquesta"
        entry = f"workflows/{name}.yaml"
        target = f"pack_{rng.randrange(packs):03}"
        text = _chain(target) if chain else _orquesta(target)
        written.append(home / "actions" / entry)
        written[0].write_text(text, encoding="utf-8")
    metadata = [
        "---",
        f"name: {name}",
        f"pack: {pack}",
        f"description: Does one of {actions} things that nobody needs done.",
        "enabled: true",
        f"runner_type: {runner}",
        f"entry_point: {entry}",
        "parameters:",
    ]
    for position in range(rng.randint(2, 9)):
        metadata.extend(_parameter(rng, position))
    path = home / "actions" / f"{name}.yaml"
    path.write_text("\n".join(metadata) + "\n", encoding="utf-8")
    return written


def _parameter(rng: random.Random, position: int) -> list[str]:
    kind = rng.choice(_TYPES)
    lines = [
        f"  {rng.choice(_WORDS)}_{position}:",
        f"    type: {kind}",
        f'    description: "The {rng.choice(_WORDS)}: one of those that are asked for now and then."',
        f"    position: {position}",
    ]
    if rng.random() < 0.4:
        lines.append("    required: true")
    elif kind == "integer":
        lines.append(f"    default: {rng.randrange(100)}")
    elif kind == "string" and rng.random() < 0.3:
        lines.extend(["    default: small", "    enum:", "      - small", "      - large"])
    return lines


def _orquesta(pack: str) -> str:
    return (
        "version: 1.0\ndescription: Two steps.\ninput:\n  - message: hello\ntasks:\n"
        "  first:\n    action: core.echo message=<% ctx(message) %>\n    next:\n"
        "      - when: <% succeeded() %>\n        publish: said=<% result().stdout %>\n        do: second\n"
        f"  second:\n    action: {pack}.host_001\n    input:\n      host_0: <% ctx(said) %>\n"
        "output:\n  - said: <% ctx(said) %>\n"
    )


def _chain(pack: str) -> str:
    return (
        "chain:\n  - name: first\n    ref: core.local\n    parameters:\n"
        '      cmd: "echo {{ message }}"\n    on-success: second\n'
        f"  - name: second\n    ref: {pack}.host_001\ndefault: first\n"
    )


if __name__ == "__main__":
    counts = [int(word) for word in sys.argv[2:4]]
    print(len(make_packs(Path(sys.argv[1]), *counts)), "workflows")
