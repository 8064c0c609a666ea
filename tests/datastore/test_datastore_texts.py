"""Any text is a name or a value, and whatever is done, the datastore says what a dict would."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from st2runtime.datastore import MASK, Datastore

from .conftest import Clock

TEXTS = st.text(max_size=40) | st.sampled_from(
    [
        "a:b",
        "a\x00b",
        "line\nline\r\n",
        ":",
        "user:",
        "'; DROP TABLE pairs",
        "\ufeff",
        "\u2028",
        MASK,
    ]
)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Datastore:
    return Datastore(tmp_path_factory.mktemp("shared") / "keys.db")


@given(
    TEXTS.filter(bool),
    TEXTS,
    st.sampled_from(["system", "user"]),
    TEXTS.filter(bool),
    st.booleans(),
)
@example("x" * 5000, "\x00" * 100_000, "user", "a:b", True)
@settings(max_examples=150)
def test_any_text_comes_back(
    shared: Datastore, name: str, value: str, scope: str, user: str, secret: bool
) -> None:
    shared.set(name, value, scope=scope, user=user, secret=secret)
    found = shared.get(name, scope, decrypt=True, user=user)
    assert found is not None
    assert (found.name, found.value, found.secret) == (name, value, secret)
    assert found in shared.list(name, scope, decrypt=True, user=user)
    assert shared.delete(name, scope, user=user)


class Twins(RuleBasedStateMachine):
    """Whatever is done, in whatever order, the datastore says what a dict would."""

    names = st.sampled_from(["a", "b", "a.b"])
    places = st.sampled_from([("system", ""), ("user", "ada"), ("user", "bob")])

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.clock = Clock()
        self.store = Datastore(Path(self.folder.name) / "keys.db", now=self.clock)
        self.model: dict[tuple[str, str, str], tuple[str, bool, float | None]] = {}

    @rule(
        name=names, place=places, value=TEXTS, secret=st.booleans(), ttl=st.sampled_from([None, 5])
    )
    def set(
        self, name: str, place: tuple[str, str], value: str, secret: bool, ttl: int | None
    ) -> None:
        scope, user = place
        self.store.set(name, value, scope=scope, user=user or "nobody", secret=secret, ttl=ttl)
        expires = None if ttl is None else self.clock.time + ttl
        self.model[(name, scope, user)] = (value, secret, expires)

    @rule(name=names, place=places)
    def delete(self, name: str, place: tuple[str, str]) -> None:
        scope, user = place
        done = self.store.delete(name, scope, user=user or "nobody")
        assert done == ((name, *place) in self.model)
        self.model.pop((name, *place), None)

    @rule(seconds=st.integers(1, 6))
    def wait(self, seconds: int) -> None:
        self.clock.time += seconds
        for place, (_, _, expires) in list(self.model.items()):
            if expires is not None and expires <= self.clock.time:
                del self.model[place]

    @rule()
    def reopen(self) -> None:
        self.store.close()

    @invariant()
    def same(self) -> None:
        found = {
            (item.name, item.scope, item.user): (item.value, item.secret, item.expires)
            for item in self.store.list(decrypt=True)
        }
        assert found == self.model

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()


TestTwins = Twins.TestCase
TestTwins.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
