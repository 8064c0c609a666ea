"""The language server in a real Helix on a terminal of tmux, with the configuration that the page shows.

`ST2C_HELIX` names the program where it is not `hx`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from editors.journeys import Journey
from editors.snippets import PROGRAMS, RENAMED, snippet

HELIX = shutil.which(os.environ.get("ST2C_HELIX", "hx"))


class Terminal:
    """A terminal with an editor in it."""

    def __init__(self, socket: Path) -> None:
        self.socket = str(socket)

    def tmux(self, *words: str) -> str:
        """What a command of tmux prints."""
        done = subprocess.run(
            ["tmux", "-S", self.socket, "-f", os.devnull, *words],
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    def press(self, *keys: str) -> None:
        """Press keys by their names."""
        self.tmux("send-keys", *keys)

    def type(self, text: str) -> None:
        """Type a text."""
        self.tmux("send-keys", "-l", text)

    def line(self, number: int) -> None:
        """Go to a line."""
        self.type(f":{number}")
        self.press("Enter")
        self.shows(f" {number}:")

    def shows(self, *texts: str) -> str:
        """The screen, once all of these are on it."""
        return self.until(lambda screen: all(text in screen for text in texts))

    def until(self, condition: Callable[[str], bool]) -> str:
        """The screen, once it is as it should be."""
        end = time.monotonic() + 30
        while not condition(screen := self.tmux("capture-pane", "-p")):
            assert time.monotonic() < end, screen
            time.sleep(0.1)
        return screen


@pytest.fixture
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    if HELIX is None:
        pytest.skip("Helix is not installed")
    if shutil.which("tmux") is None:
        pytest.skip("tmux is not installed")
    found = Terminal(tmp_path_factory.mktemp("tmux") / "socket")
    yield found
    subprocess.run(["tmux", "-S", found.socket, "kill-server"], capture_output=True)


def test_journey(terminal: Terminal, tmp_path: Path) -> None:
    journey = Journey(tmp_path)
    (tmp_path / ".config" / "helix").mkdir(parents=True)
    journey.configured(".config/helix/languages.toml", snippet("Helix"))
    where = {
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / ".config"),
        "XDG_CACHE_HOME": str(tmp_path / ".cache"),
        "PATH": os.pathsep.join((PROGRAMS, os.environ["PATH"])),
        "TERM": "screen-256color",
    }
    words = [f"{name}={value}" for name, value in where.items()]
    size = ("-x", "140", "-y", "40")
    terminal.tmux("new-session", "-d", *size, "env", *words, str(HELIX), str(journey.file))
    terminal.shows("● 1")
    terminal.press("Space", "d")
    terminal.shows("undefined-task", "`servv` is not defined")
    terminal.press("Escape")
    terminal.until(lambda screen: "undefined-task" not in screen)
    terminal.line(8)
    terminal.type("A <% ctx().")  # behind the value of `action`: another parameter
    terminal.shows("cups", "guests", "variable")
    terminal.press("Escape")
    terminal.shows(" NOR ")
    terminal.type("u")
    terminal.until(lambda screen: "cups %> <%" not in screen)
    terminal.line(11)
    terminal.type("glgd")
    terminal.shows(" 14:3")
    terminal.press("Space", "r")
    terminal.shows("rename-to:")
    terminal.press("C-u")
    terminal.type("lay_the_table")
    terminal.press("Enter")
    terminal.shows("  lay_the_table:", "do: lay_the_table")
    terminal.press(":")
    terminal.type("w")
    terminal.press("Enter")
    terminal.shows("written")
    assert journey.file.read_text(encoding="utf-8") == RENAMED
