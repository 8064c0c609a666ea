"""Every `<% … %>` of the recorded corpus parses as the package parses it, and so do edited ones."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from expressions.yaql.yaql_oracle import assert_agreement
from expressions.yaql.yaql_texts import FACTOR, JUNK, TOKENS

FOUND = re.compile(r"<%(.*?)%>", re.DOTALL)


@pytest.fixture(scope="module")
def texts(corpus: Path) -> list[str]:
    files = [*corpus.rglob("*.yaml"), *corpus.rglob("*.yml")]
    found = {
        match[1].strip()
        for file in files
        if b"<%" in (content := file.read_bytes())
        for match in FOUND.finditer(content.decode("utf-8", "replace"))
    }
    assert len(found) > 100
    return sorted(found)


def test_expressions_of_the_corpus(texts: list[str]) -> None:
    for text in texts:
        assert_agreement(text)


def test_edited_expressions_of_the_corpus(texts: list[str]) -> None:
    chance = random.Random(2)
    for _ in range(1500 * FACTOR):
        text = chance.choice(texts)
        start = chance.randrange(len(text) + 1)
        end = start + chance.choice((0, 0, 1, 2, 6))
        inserted = chance.choice(("", chance.choice(TOKENS), chance.choice(JUNK)))
        assert_agreement(text[:start] + inserted + text[end:])
