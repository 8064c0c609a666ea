"""What the documentation of a check calls bad is found, and what it calls good is not.

An example is a fenced block of YAML below `## Bad` or `## Good`. Its info string may say more: `title=` the
file that it stands for (blocks with titles make one pack, `examples`), `kind=` what it is where nothing
tells, `encoding=` how it is saved.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from st2lang import checks, suppress
from st2lang.analysis import analyse
from st2lang.catalog import Catalog
from st2lang.problem import Problem, Severity
from st2lang.yaml.decode import decode

_SECTION = re.compile(r"^## (Bad|Good)\s*$(.*?)(?=^## |\Z)", re.DOTALL | re.MULTILINE)
_BLOCK = re.compile(r"^```yaml((?: \w+=\S+)*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


class Example(NamedTuple):
    """One example: its files by path; an untitled one is `actions/workflows/example.yaml`."""

    check: str
    good: bool
    files: tuple[tuple[str, bytes], ...]
    kind: str = "auto"


def examples(check: checks.Check) -> list[Example]:
    """The examples in a check's documentation."""
    found = []
    for section in _SECTION.finditer(check.documentation):
        pack: list[tuple[str, bytes]] = []
        good = section[1] == "Good"
        for info, text in _BLOCK.findall(section[2]):
            told = dict(word.split("=") for word in info.split())
            data = text.encode(told.get("encoding", "utf-8"))
            if "title" in told:
                pack.append((told["title"], data))
            else:
                files = (("actions/workflows/example.yaml", data),)
                found.append(Example(check.id, good, files, told.get("kind", "auto")))
        if pack:
            found.append(Example(check.id, good, tuple(pack)))
    return found


def problems_of(example: Example, folder: Path, kinds: tuple[str, ...]) -> list[Problem]:
    """Everything that is found in an example, laid out as a pack."""
    home = folder / "examples"
    for name, data in example.files:
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    if not (home / "pack.yaml").exists() and len(example.files) > 1:
        (home / "pack.yaml").write_text("name: examples\nref: examples\nversion: 1.0.0\n")
    catalog = Catalog(installed=None)
    found: list[Problem] = []
    for name, _ in example.files:
        path = home / name
        source, broken = decode(str(path), path.read_bytes())
        analysis = analyse(source, kind=example.kind, catalog=catalog)
        if analysis.kind == "unknown":
            analysis = analyse(source, kind=kinds[0], catalog=catalog)
        found += suppress.apply(source, (*broken, *analysis.problems))
    return found


ALL = [(check, example) for check in checks.all() for example in examples(check)]


@pytest.mark.parametrize(
    ("check", "example"),
    ALL,
    ids=[f"{c.id}-{'good' if e.good else 'bad'}-{i}" for i, (c, e) in enumerate(ALL)],
)
def test_example(check: checks.Check, example: Example, tmp_path: Path) -> None:
    found = problems_of(example, tmp_path, check.kinds)
    mine = [p.message for p in found if p.check == check.id]
    if example.good:
        errors = [(p.check, p.message) for p in found if p.severity is Severity.ERROR]
        assert not mine
        assert not errors
    else:
        assert mine, [(p.check, p.message) for p in found]


@pytest.mark.parametrize("check", checks.all(), ids=lambda c: c.id)
def test_every_check_is_documented(check: checks.Check) -> None:
    first = check.documentation.splitlines()[0]
    assert first.endswith((".", ":"))
    assert {e.good for e in examples(check)} == {True, False}
    assert check.summary.endswith(".")
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", check.id)


def test_the_pages_are_fresh() -> None:
    from st2lang.checks.reference import stale

    assert stale() == []
