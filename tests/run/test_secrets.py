"""Secrets are masked wherever they appear: alone, inside of texts, over lines, as numbers and keys."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from st2runtime.actions.secrets import MASK, Secrets


def secrets(*values: object) -> Secrets:
    found = Secrets()
    found.add(values)
    return found


def test_nothing_to_hide_changes_nothing() -> None:
    data = {"a": ["x"]}
    assert secrets().data(data) is data


def test_a_secret_inside_of_texts_and_data() -> None:
    found = secrets("hunter2", 4711, {"deep": ["other"]})
    assert found.text("pass hunter2!") == f"pass {MASK}!"
    assert found.data({"x": ["other", 4711, 12, True], "hunter2": None}) == {
        "x": [MASK, MASK, 12, True],
        MASK: None,
    }


def test_each_line_of_a_secret() -> None:
    found = secrets("-----BEGIN\nabcdef\n-----END\n")
    assert found.text("> abcdef") == f"> {MASK}"


def test_short_secrets_only_where_they_stand_alone() -> None:
    found = secrets("ab")
    assert (found.text("ab"), found.text("grab")) == (MASK, "grab")


def test_the_longer_of_two_goes_first() -> None:
    assert secrets("pass", "password").text("password") == MASK


@given(st.text(min_size=3).filter(str.strip), st.text(), st.text())
def test_never_there_afterwards(secret: str, before: str, after: str) -> None:
    if secret.strip() in MASK * 3 or len(secret.strip()) < 3:
        return
    shown = secrets(secret).text(before + secret + after)
    assert secret not in shown or secret in MASK * 2
