"""The configuration of packs: files, datastore expressions, defaults of the schema."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from st2runtime.actions.config import Configs
from st2runtime.actions.errors import ActionError

from st2lang.catalog import Catalog

SCHEMA = """
url: {type: string, default: http://localhost}
token: {type: string, secret: true}
port: {type: integer}
auth:
  type: object
  properties:
    user: {type: string, default: admin}
    password: {type: string, secret: true}
hosts:
  type: array
  items:
    type: object
    properties:
      name: {type: string}
      port: {type: integer, default: 22}
"""


def configs(folder: Path, config: str | None, hidden: list[Any] | None = None) -> Configs:
    pack = folder / "packs" / "shop"
    pack.mkdir(parents=True)
    (pack / "pack.yaml").write_text("ref: shop\nname: shop\n", encoding="utf-8")
    (pack / "config.schema.yaml").write_text(SCHEMA, encoding="utf-8")
    if config is not None:
        (folder / "shop.yaml").write_text(config, encoding="utf-8")

    def find(key: str, decrypt: bool) -> str:
        stored = {"system.token": ("t0ken", True), "system.port": ("8080", False)}
        value, secret = stored[key]
        return "CIPHER" if secret and not decrypt else value

    told = hidden if hidden is not None else []
    catalog = Catalog(pack_dirs=[str(folder / "packs")], installed=None)
    return Configs(catalog, (str(folder),), find, told.extend)


def test_defaults_without_a_file(tmp_path: Path) -> None:
    assert configs(tmp_path, None).get("shop") == {
        "url": "http://localhost",
        "auth": {"user": "admin"},
        "hosts": [],
    }


def test_a_file_over_the_defaults(tmp_path: Path) -> None:
    text = "url: https://shop\nhosts: [{name: a}, {name: b, port: 23}]\nmore: 1\n"
    assert configs(tmp_path, text).get("shop") == {
        "url": "https://shop",
        "auth": {"user": "admin"},
        "hosts": [{"name": "a", "port": 22}, {"name": "b", "port": 23}],
        "more": 1,
    }


def test_the_datastore_in_it(tmp_path: Path) -> None:
    hidden: list[Any] = []
    text = (
        "token: '{{ st2kv.system.token }}'\n"
        "port: '{{ st2kv.system.port }}'\n"
        "auth: {password: '{{ st2kv.system.token | decrypt_kv }}'}\n"
        "url: '{{ st2kv.system.nothing }}'\n"
    )
    assert configs(tmp_path, text, hidden).get("shop") == {
        "token": "t0ken",
        "port": 8080,
        "auth": {"password": "t0ken", "user": "admin"},
        "url": None,
        "hosts": [],
    }
    assert set(hidden) == {"t0ken"}


def test_an_unknown_pack_has_none(tmp_path: Path) -> None:
    found = configs(tmp_path, None)
    assert found.get("nobody") == {}
    assert found.get("../shop") == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [", "cannot be read"),
        ("token: '{{ nobody }}'", "`token` is `{{ nobody }}`"),
        ("auth: {user: '{{ st2kv.system.port | unknown_filter }}'}", "`auth.user`"),
    ],
)
def test_what_is_wrong_is_explained(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ActionError, match=message):
        configs(tmp_path, text).get("shop")
