"""Formatting: case files, and what holds for every text.

`pytest --bless` writes `cases/NAME.out` anew: read them before committing.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from st2lang.commands.main import main
from st2lang.formatting import BREAKS, UnformattableError, format_text, same_meaning
from st2lang.yaml import parse

CASES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))
DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=12,
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_case(case: Path, bless: bool) -> None:
    formatted = format_text(case.read_text(encoding="utf-8"))
    expected = case.with_suffix(".out")
    if bless:
        expected.write_text(formatted, encoding="utf-8")
    assert formatted == expected.read_text(encoding="utf-8")
    assert format_text(formatted) == formatted


@given(DATA, st.integers(2, 6), st.booleans(), st.sampled_from([None, "|", '"', "'"]))
def test_any_data(data: object, indent: int, flow: bool, style: str | None) -> None:
    text = yaml.safe_dump(
        {"top": data},
        indent=indent,
        default_flow_style=None if flow else False,
        default_style=style,  # type: ignore[arg-type]
        allow_unicode=True,
        width=30,
    )
    assume(not parse(text).problems)
    try:
        formatted = format_text(text)
    except UnformattableError:
        assert not BREAKS.isdisjoint(text)
        return
    assert format_text(formatted) == formatted
    assert yaml.safe_load(formatted) == yaml.safe_load(text)


def test_rare_line_breaks_are_not_moved() -> None:
    text = "top:\n- |\n  a\x85  b\n"
    with pytest.raises(UnformattableError, match="line breaks of a rare kind"):
        format_text(text)


def test_corpus(corpus: Path) -> None:
    comments = 0
    for path in sorted(corpus.glob("packs/*/actions/workflows/*.yaml")):
        text = path.read_text(encoding="utf-8")
        if parse(text).problems:
            continue
        formatted = format_text(text)
        assert format_text(formatted) == formatted, path
        assert same_meaning(text, formatted), path
        assert [line.strip() for line in text.splitlines() if line.strip()[:1] == "#"] == [
            line.strip() for line in formatted.splitlines() if line.strip()[:1] == "#"
        ], path
        comments += text.count("#")
    assert comments > 100


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_line_ends_stay(ending: str) -> None:
    assert format_text(f"a:{ending}    b: 1") == f"a:{ending}  b: 1{ending}"


def test_broken_text_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: [1\nb: 2\n", encoding="utf-8")
    assert main(["fmt", str(path)]) == 2
    assert path.read_text(encoding="utf-8") == "a: [1\nb: 2\n"
    assert "a.yaml: is left alone: line 1" in capsys.readouterr().err


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a:\n    b: 1\n", encoding="utf-8")
    assert main(["fmt", "--check", str(tmp_path)]) == 1
    assert "1 file would change, 0 left alone" in capsys.readouterr().out
    assert main(["fmt", "--diff", str(tmp_path)]) == 1
    assert "-    b: 1\n+  b: 1\n" in capsys.readouterr().out
    assert path.read_text(encoding="utf-8") == "a:\n    b: 1\n"
    assert main(["fmt", str(tmp_path)]) == 0
    assert path.read_text(encoding="utf-8") == "a:\n  b: 1\n"
    assert main(["fmt", "--check", str(tmp_path)]) == 0


def test_standard_input() -> None:
    command = [sys.executable, "-m", "st2lang.commands.main", "fmt", "-"]
    done = subprocess.run(command, input="ä:   1".encode(), capture_output=True, check=True)
    assert done.stdout.decode() == "ä: 1\n"
