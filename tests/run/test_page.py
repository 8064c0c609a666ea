"""What docs/run.md shows is what really happens, durations aside."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from run.console import st2c

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "run.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```console\n\$ st2c (.*)\n((?:.*\n)*?)```", PAGE)


def timeless(text: str) -> str:
    """A text with all durations alike."""
    return re.sub(r" +\d+(\.\d+)? m?s\b", " T", text)


@pytest.mark.parametrize(("words", "shown"), BLOCKS, ids=[words for words, _ in BLOCKS])
def test_what_is_shown_happens(
    words: str, shown: str, work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text in re.findall(r"```yaml\n# (\S+\.yaml)\n(.*?)```", PAGE, re.DOTALL):
        (work / name).write_text(f"# {name}\n{text}", encoding="utf-8")
    (work / "docs").symlink_to(ROOT / "docs")
    done = st2c(capsys, *words.split())
    said = timeless(done.out + done.err)
    # In a pipe there are lines of events first, which a terminal does not keep.
    assert said.endswith(timeless(shown))
    assert said == timeless(shown) or said.startswith("● running")


def test_the_page_shows_something() -> None:
    assert len(BLOCKS) == 4
