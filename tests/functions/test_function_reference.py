"""The reference page says what the records say."""

from __future__ import annotations

import subprocess
import sys

import pytest

from st2lang import functions
from st2lang.functions import reference


def test_page_is_fresh() -> None:
    assert reference.PAGE.read_text(encoding="utf-8") == reference.render()


def test_check_mode_tells_an_old_page(
    tmp_path: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = tmp_path / "functions.md"  # type: ignore[operator]
    monkeypatch.setattr(reference, "PAGE", page)
    assert reference.main(["--check"]) == 1
    assert "out of date" in capsys.readouterr().out
    assert reference.main([]) == 0
    assert reference.main(["--check"]) == 0
    page.write_text("something else", encoding="utf-8")
    assert reference.main(["--check"]) == 1


@pytest.mark.parametrize("language", functions.LANGUAGES)
def test_every_record_is_on_the_page(language: str) -> None:
    text = reference.render()
    for record in functions.table(language).values():
        assert f"#### `{record.name}`" in text
        if record.kind is not functions.Kind.FILTER:
            assert record.doc in text


def test_yaql_lookups_leave_jinja_alone() -> None:
    code = (
        "import sys; from st2lang import functions; functions.lookup('yaql', 'len');"
        "functions.names('yaql'); print([m for m in sys.modules if 'functions.jinja' in m])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
