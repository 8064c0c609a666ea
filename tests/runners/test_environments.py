"""Virtual environments of packs: made once, from the pack's requirements, without a network."""

from __future__ import annotations

import asyncio
import sys
import zipfile
from pathlib import Path

import pytest
from runners.helpers import invocation, listening
from st2runtime.runners import Services, environments, find
from st2runtime.runners.environments import DependencyError, ensure


@pytest.fixture(autouse=True)
def without_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environments, "BASE", ())


def wheel(folder: Path) -> Path:
    """A package that nobody else has."""
    path = folder / "st2c_sample-1.0-py3-none-any.whl"
    info = "st2c_sample-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("st2c_sample.py", "VALUE = 'from the environment'\n")
        archive.writestr(
            f"{info}/METADATA", "Metadata-Version: 2.1\nName: st2c-sample\nVersion: 1.0\n"
        )
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")
    return path


ACTION = """
import st2c_sample
from st2common.runners.base_action import Action

class Uses(Action):
    def run(self):
        return st2c_sample.VALUE
"""


def test_made_once_and_used(tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    pack.mkdir()
    (pack / "uses.py").write_text(ACTION)
    (pack / "requirements.txt").write_text("-r more.txt\n--no-index\n")
    (pack / "more.txt").write_text(f"{wheel(tmp_path)}\n")
    lines, services = listening()
    cache = tmp_path / "cache"

    async def often() -> set[str]:
        at_once = (ensure(pack, cache=cache, line=services.line) for _ in range(3))
        found = set(await asyncio.gather(*at_once))
        told = len(lines)
        found.add(await ensure(pack, cache=cache, line=services.line))
        assert 0 < told == len(lines)
        return found

    (python,) = asyncio.run(often())
    assert python != sys.executable
    assert len(list(cache.iterdir())) == 2  # the environment, and what tells of it
    action = invocation("python-script", entry_point=str(pack / "uses.py"), pack_path=str(pack))
    outcome = asyncio.run(find("python-script").run(action, Services(python=lambda pack: python)))
    assert outcome.result["result"] == "from the environment", outcome.result["stderr"]


def test_what_every_pack_gets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    pack.mkdir()
    (pack / "uses.py").write_text(ACTION)
    (pack / "requirements.txt").write_text("--no-index\n")
    lines, services = listening()
    for base, told in ((str(wheel(tmp_path)), False), (str(tmp_path / "none.whl"), True)):
        monkeypatch.setattr(environments, "BASE", (base,))
        cache = tmp_path / f"cache{told}"
        assert asyncio.run(ensure(pack, cache=cache, line=services.line)) != sys.executable
        assert any(text.startswith(f"without {base}") for _, text in lines) is told


def test_no_requirements(tmp_path: Path) -> None:
    assert asyncio.run(ensure(tmp_path, cache=tmp_path / "cache")) == sys.executable
    assert not (tmp_path / "cache").exists()


def test_what_cannot_be_installed(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("--no-index\nno-such-package-anywhere\n")
    with pytest.raises(DependencyError, match="no-such-package-anywhere"):
        asyncio.run(ensure(tmp_path, cache=tmp_path / "cache"))
    assert list((tmp_path / "cache").iterdir()) == []


def test_no_room(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("x\n")
    (tmp_path / "file").touch()
    with pytest.raises(DependencyError, match="no environment can be made"):
        asyncio.run(ensure(tmp_path, cache=tmp_path / "file"))


def test_key_follows_what_is_asked_for(tmp_path: Path) -> None:
    requirements, more = tmp_path / "requirements.txt", tmp_path / "more.txt"
    requirements.write_text(
        "-r more.txt\n-c=constraints.txt\n--requirement more.txt\n-r none.txt\n"
    )
    keys = set()
    for text in ("a\n", "b\n"):
        more.write_text(text)
        keys.add(environments._key(requirements, "python"))
    (tmp_path / "constraints.txt").write_text("a<2\n")
    keys.add(environments._key(requirements, "python"))
    keys.add(environments._key(requirements, "other"))
    assert len(keys) == 4


def test_where_they_are_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ST2C_ENVIRONMENTS", str(tmp_path))
    assert environments.cache_folder() == tmp_path
    monkeypatch.delenv("ST2C_ENVIRONMENTS")
    assert environments.cache_folder().name == "environments"
