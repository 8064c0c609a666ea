"""Keys: what is written is what is read, by scope, by user, and for as long as it lives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from st2runtime.datastore import DEFAULT_USER, MASK, Datastore, DatastoreError, Entry, Item

from st2lang.commands.main import load, main, parser_for
from st2lang.evaluation import Scope, World, render, render_chain, st2kv
from st2lang.functions.failure import EvaluationError

from .conftest import Clock


def test_a_key_is_read_as_it_was_written(store: Datastore) -> None:
    assert store.get("region") is None
    written = store.set("region", "eu")
    assert written == Item("region", "eu")
    assert store.get("region") == written
    store.set("region", "us")
    assert [item.value for item in store.list()] == ["us"]
    assert store.delete("region")
    assert not store.delete("region")
    assert store.get("region") is None


def test_scopes_and_users_do_not_meet(store: Datastore) -> None:
    store.set("a", "system's")
    store.set("a", "stanley's", scope="user")
    store.set("a", "ada's", scope="user", user="ada")
    store.set("stanley:a", "no user's", scope="system")
    assert store.get("a") == Item("a", "system's")
    assert store.get("a", "user") == Item("a", "stanley's", "user", DEFAULT_USER)
    assert store.get("a", "user", user="ada") == Item("a", "ada's", "user", "ada")
    assert store.get("a", "user", user="eve") is None
    assert store.get("a", "st2kv.user") == store.get("a", "user")
    assert [item.value for item in store.list(scope="user")] == ["stanley's"]
    assert [item.value for item in store.list("a")] == ["system's", "ada's", "stanley's"]
    assert [item.value for item in store.list(user="ada")] == ["system's", "ada's", "no user's"]
    assert store.delete("a", "user", user="ada")
    assert [item.value for item in store.list("a")] == ["system's", "stanley's"]


@pytest.mark.parametrize(
    ("prefix", "names"),
    [
        ("", ["", "\x00", "a", "a%b", "a.b", "a_b", "b", "\ud7ff", "\ue000x", "\U0010ffff"]),
        ("a", ["a", "a%b", "a.b", "a_b"]),
        ("a%", ["a%b"]),
        ("a_", ["a_b"]),
        ("\ud7ff", ["\ud7ff"]),
        ("\U0010ffff", ["\U0010ffff"]),
        ("c", []),
    ],
)
def test_a_prefix_is_text_and_no_pattern(store: Datastore, prefix: str, names: list[str]) -> None:
    every = ("\x00", "a", "a%b", "a.b", "a_b", "b", "\ud7ff", "\ue000x", "\U0010ffff")
    store.put([Entry(name, "") for name in every])
    assert [item.name for item in store.list(prefix)] == [name for name in names if name]


def test_a_list_can_be_read_in_pages(store: Datastore) -> None:
    store.put([Entry(f"k{number}", "") for number in range(5)])
    assert [item.name for item in store.list(limit=2, offset=2)] == ["k2", "k3"]
    assert len(store.list(offset=4)) == 1


def test_time_runs_out_by_the_clock(store: Datastore, clock: Clock) -> None:
    item = store.set("short", "v", ttl=60)
    assert item.expire_timestamp == "2027-01-15T08:01:00.000000Z"
    store.set("long", "v")
    clock.time += 59.9
    assert store.get("short") is not None
    clock.time += 0.1
    assert store.get("short") is None
    assert [each.name for each in store.list()] == ["long"]
    with pytest.raises(KeyError):
        store.lookup("system.short")
    assert not store.delete("short")


def test_a_new_value_has_a_new_time_to_live(store: Datastore, clock: Clock) -> None:
    store.set("k", "v", ttl=60)
    store.set("k", "v")
    clock.time += 10**6
    assert store.get("k") == Item("k", "v")


def test_writing_clears_away_what_has_expired(store: Datastore, clock: Clock) -> None:
    store.set("old", "v", ttl=1)
    clock.time += 2
    store.set("new", "v")
    clock.time -= 2
    assert store.get("old") is None


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda s: s.set("", "v"), "the name of a key is empty"),
        (lambda s: s.set("k", "\ud800"), "the value of `k` is not text"),
        (lambda s: s.set("\ud800", "v"), "the name of the key is not text"),
        (lambda s: s.get("\ud800"), "the name of the key is not text"),
        (lambda s: s.list("\ud800"), "the prefix is not text"),
        (lambda s: s.set("k", "é" * (8 * 2**20 + 1)), "at most 16 MiB"),
        (lambda s: s.set("k", "v", ttl=-1), "a time to live is a number of seconds"),
        (lambda s: s.set("k", "v", ttl=1e20), "a time to live is a number of seconds"),
        (lambda s: s.put([Entry("k", "v", expires=1e20)]), "in the years from 1970 to 9999"),
        (lambda s: s.get("k", "usr"), "there is no scope `usr`.*did you mean `user`"),
        (lambda s: s.set("k", "v", scope="user", user=""), "needs the name of a user"),
    ],
)
def test_what_cannot_be_is_refused(path: Path, call: Any, message: str) -> None:
    with Datastore(path) as store:
        with pytest.raises(DatastoreError, match=message):
            call(store)
        assert not path.exists()


def test_several_keys_are_written_together_or_not_at_all(store: Datastore) -> None:
    store.put([Entry("a", "1"), Entry("b", "2", "user", "ada")])
    with pytest.raises(DatastoreError):
        store.put([Entry("a", "changed"), Entry("", "")])
    assert [item.value for item in store.list()] == ["1", "2"]
    assert store.put([]) == ()


def test_a_record_never_shows_a_secret(store: Datastore) -> None:
    store.set("token", "hunter2", secret=True)
    opened = store.get("token", decrypt=True)
    assert opened is not None
    assert opened.value == "hunter2"
    assert "hunter2" not in repr(opened)
    assert "hunter2" not in repr(Entry("token", "hunter2", secret=True))
    sealed = store.get("token")
    assert sealed is not None
    assert (sealed.shown, sealed.data()["value"]) == (MASK, MASK)
    assert "hunter2" not in sealed.value


def test_what_st2kv_asks_for(store: Datastore) -> None:
    store.set("a.b", "system's")
    store.set("x", "user's", scope="user")
    store.set("user.y", "odd", scope="user")
    store.set("y", "even", scope="user")
    assert store.lookup("system.a.b") == "system's"
    assert store.lookup("x") == "user's"
    assert store.lookup("user.x") == "user's"
    assert store.lookup("user.y") == "odd"
    assert store.lookup_orquesta("user.y") == "odd"
    for key in ("a.b", "system.x", "user.z", "z", "system.", ""):
        with pytest.raises(KeyError):
            store.lookup(key)
    with pytest.raises(KeyError):
        store.lookup_orquesta("user.x")


def test_what_st2kv_asks_for_in_secret(store: Datastore) -> None:
    store.set("token", "hunter2", secret=True)
    store.set("plain", "v")
    assert store.lookup("system.token", True) == "hunter2"
    assert store.lookup("system.token").startswith("st2c:1:")
    with pytest.raises(DatastoreError, match=r"`system\.plain` is not encrypted"):
        store.lookup("system.plain", True)


def test_expressions_read_it(store: Datastore) -> None:
    store.set("region", "eu")
    store.set("token", "hunter2", secret=True)
    store.set("x", "mine", scope="user")
    scope = Scope(outside=World(store.lookup))
    assert render("<% st2kv('system.region') %>", scope) == "eu"
    assert render("{{ st2kv('system.token', decrypt=true) }}", scope) == "hunter2"
    assert render("<% st2kv('system.zone', default => 'a') %>", scope) == "a"
    with pytest.raises(EvaluationError, match="is not encrypted"):
        render("<% st2kv('system.region', decrypt => true) %>", scope)
    chain = Scope({"st2kv": st2kv(store.lookup)})
    assert render_chain("{{ st2kv.system.region }}-{{ st2kv.user.x }}", chain) == "eu-mine"
    assert render_chain("{{ st2kv.system.token | decrypt_kv }}", chain) == "hunter2"


def test_the_documented_examples_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (Path(__file__).parents[2] / "docs" / "datastore.md").read_text(encoding="utf-8")
    blocks = {block.partition("\n")[0]: block for block in page.split("```")[1::2]}
    monkeypatch.chdir(tmp_path)
    exec(blocks["python"].partition("\n")[2], {})
    (tmp_path / "keys.yaml").write_text(blocks["yaml"].partition("\n")[2], encoding="utf-8")
    assert main(["key", "load", "keys.yaml", "--datastore", "keys.db"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 3
    with Datastore("keys.db") as store:
        assert store.lookup("system.token", True) == "not-a-real-one"
    for line in blocks["text"].splitlines()[1:]:
        words = line.partition(" #")[0].split()
        assert words[:2] == ["st2c", "key"]
        parser = parser_for("key", load("key"))
        assert parser.parse(words[2:]).verb == words[2]
