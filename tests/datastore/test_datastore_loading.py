"""Files of keys: what StackStorm prints loads, and a mistake anywhere loads nothing."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from st2runtime.commands.key_output import to_yaml
from st2runtime.datastore import (
    DEFAULT_USER,
    Datastore,
    DatastoreError,
    Entry,
    Item,
    LoadError,
    entries_from,
    text_of,
)

from .conftest import Clock

TIME = 1_800_000_000.0


def load(found: Any, **options: Any) -> tuple[Entry, ...]:
    text = found if isinstance(found, str) else json.dumps(found)
    return entries_from(text, lambda: TIME, **options)


def mistakes(found: Any, **options: Any) -> list[str]:
    with pytest.raises(LoadError) as error:
        load(found, **options)
    return list(error.value.mistakes)


def test_everything_that_an_item_can_say() -> None:
    text = """
- name: os_keystone_endpoint
  value: http://localhost:5000/v2.0
- {name: token, value: hunter2, secret: true, scope: user, user: ada, ttl: 60}
- {name: mine, value: '', scope: st2kv.user, ttl: 0, user: null, encrypted: false}
"""
    assert load(text) == (
        Entry("os_keystone_endpoint", "http://localhost:5000/v2.0"),
        Entry("token", "hunter2", "user", "ada", True, TIME + 60),
        Entry("mine", "", "user", DEFAULT_USER),
    )
    assert load(text, user="bob")[2].user == "bob"


def test_what_stackstorm_exports() -> None:
    exported = {
        "id": "5c0f",
        "uid": "key_value_pair:st2kv.system:a",
        "name": "a",
        "value": "1",
        "description": "",
        "secret": False,
        "encrypted": False,
        "scope": "st2kv.system",
        "user": "",
        "expire_timestamp": "2030-01-01T00:00:00.000000Z",
    }
    (entry,) = load([exported])
    assert entry == Entry("a", "1", expires=1_893_456_000.0)
    gone = exported | {"expire_timestamp": "2020-01-01T00:00:00.000000Z"}
    assert load([gone]) == ()
    assert load([gone | {"ttl": 60}])[0].expires == TIME + 60
    assert load("- {name: a, value: b, expire_timestamp: 2030-01-01 00:00:00}")[0].expires


@pytest.mark.parametrize(("text", "count"), [("", 0), ("[]", 0), ("{name: a, value: b}", 1)])
def test_none_or_a_single_one(text: str, count: int) -> None:
    assert len(load(text)) == count


@pytest.mark.parametrize(
    ("item", "message"),
    [
        (5, "item 1: expected a mapping with `name` and `value`"),
        ({"value": "v"}, "item 1: `name` is missing"),
        ({"name": "a"}, "item 1 (`a`): `value` is missing"),
        ({"name": "", "value": "v"}, "item 1: the name of a key is empty"),
        ({"name": 5, "value": "v"}, "item 1: `name` must be a text: put it in quotes"),
        ({"name": "a", "value": "v", "scope": 1}, "item 1 (`a`): `scope` must be a text"),
        ({"name": "a", "value": "v", "scope": "usr"}, "there is no scope `usr`"),
        ({"name": "a", "value": "v", "scret": True}, "there is no field `scret`"),
        ({"name": "a", "value": "v", "scret": True}, "did you mean `secret`?"),
        ({"name": "a", "value": "v", "secret": "yes"}, "`secret` must be true or false"),
        (
            {"name": "a", "value": 5},
            "the value is not a text: put it in quotes, or let `--convert`",
        ),
        ({"name": "a", "value": None}, "the value is not a text"),
        ({"name": "a", "value": "\ud800"}, "the value of `a` is not text"),
        ({"name": "a", "value": "v", "ttl": "60"}, "`ttl` must be a whole number of seconds"),
        ({"name": "a", "value": "v", "ttl": True}, "`ttl` must be a whole number of seconds"),
        ({"name": "a", "value": "v", "ttl": -1}, "`ttl` must be a whole number of seconds"),
        ({"name": "a", "value": "v", "ttl": 10**12}, "from 1 up to 100 years"),
        ({"name": "a", "value": "v", "expire_timestamp": "soon"}, "`expire_timestamp` must be"),
        ({"name": "a", "value": "v", "expire_timestamp": 5}, "`expire_timestamp` must be"),
        (
            {"name": "a", "value": "v", "expire_timestamp": "9999-12-31T23:59:59-12:00"},
            "in the years from 1970 to 9999",
        ),
        ({"name": "a", "value": "v", "user": "ada"}, "add `scope: user`"),
        ({"name": "a", "value": "********", "secret": True}, "the value is masked: list it with"),
        ({"name": "a", "value": "********", "encrypted": True}, "the value is masked"),
        ({"name": "a", "value": "3030", "encrypted": True}, "is encrypted with another key"),
    ],
)
def test_each_mistake_is_named(item: Any, message: str) -> None:
    (found,) = mistakes([item])
    assert message in found


def test_all_mistakes_are_named() -> None:
    found = mistakes([{"name": "a", "value": "1"}, 1, {"name": "a", "value": "2"}, {"name": "b"}])
    assert found == [
        "item 2: expected a mapping with `name` and `value`",
        "item 3 (`a`): item 1 sets the same key",
        "item 4 (`b`): `value` is missing",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- name: [hunter2", r"line \d, column \d+: neither JSON nor YAML"),
        ("a: b: hunter2", r"line 1, column 5: neither JSON nor YAML"),
        ("!!python/object:os.system {}", r"line 1, column 1: neither JSON nor YAML"),
        ("a: \x00hunter2", "neither JSON nor YAML"),
        ("x: 2024-99-99", "neither JSON nor YAML"),
        ("[" * 100_000, "it is nested too deeply"),
        ("{a: " * 5_000, "(line .*)?neither JSON nor YAML"),
    ],
)
def test_what_cannot_be_parsed_is_not_quoted(text: str, message: str) -> None:
    (found,) = mistakes(text)
    assert re.fullmatch(message, found)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("already text", "already text"),
        (12, "12"),
        (1.5, "1.5"),
        (True, "true"),
        (None, "null"),
        ([1, {"a": "é"}], '[1, {"a": "\\u00e9"}]'),
    ],
)
def test_converting_makes_json(value: Any, text: str) -> None:
    assert text_of(value) == text
    assert load([{"name": "a", "value": value}], convert=True)[0].value == text


CIRCLE: list[Any] = []
CIRCLE.append(CIRCLE)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), b"x", {1, 2}, object(), CIRCLE])
def test_what_json_does_not_have(value: Any) -> None:
    with pytest.raises(DatastoreError, match="is not made of what JSON has"):
        text_of(value)


def test_aliases_cannot_make_a_lot_out_of_little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("st2runtime.datastore.loading.MAX_VALUE", 100_000)
    lines = ["- &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"- &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    bomb = "name: bomb\nvalue:\n" + "\n".join(f"  {line}" for line in lines)
    assert mistakes(bomb, convert=True) == [
        "item 1 (`bomb`): the value is too long: at most 16 MiB can be kept"
    ]


TEXTS = st.text(max_size=20) | st.sampled_from(["\x85", "\u2028", "\ufeff", "\x00", "a\r\nb", "|"])
ITEMS = st.builds(
    Item,
    TEXTS.filter(bool),
    TEXTS,
    st.just("user"),
    TEXTS.filter(bool),
    st.booleans(),
    st.just(False),
    st.none() | st.integers(int(TIME) + 1, 253_402_300_799).map(float),
)


@given(st.lists(ITEMS, max_size=5, unique_by=lambda item: (item.name, item.user)))
@example([Item("a", "\U0001f600", "user", "b", False, False, TIME + 0.5)])
@settings(max_examples=150)
def test_what_is_listed_can_be_loaded(items: list[Item]) -> None:
    data = [item.data() for item in items]
    wanted = tuple(Entry(i.name, i.value, i.scope, i.user, i.secret, i.expires) for i in items)
    assert load(json.dumps(data)) == wanted
    assert load(json.dumps(data, ensure_ascii=False)) == wanted
    assert load(to_yaml(data)) == wanted


@given(st.text(max_size=200) | st.binary(max_size=100).map(lambda data: data.decode("latin-1")))
@settings(max_examples=200)
def test_any_text_is_loaded_or_refused(text: str) -> None:
    try:
        found = load(text, convert=True)
    except LoadError:
        return
    assert all(isinstance(entry, Entry) for entry in found)


def test_a_file_is_loaded_whole(store: Datastore, clock: Clock) -> None:
    text = "- {name: a, value: '1', ttl: 10}\n- {name: b, value: '2', secret: true}\n"
    items = store.put(entries_from(text, clock))
    assert [item.name for item in items] == ["a", "b"]
    assert store.lookup("system.b", True) == "2"
    clock.time += 10
    assert [item.name for item in store.list()] == ["b"]
