"""Every Jinja string of the recorded corpus parses as jinja2 parses it, and so do edited ones."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import yaml
from expressions.jinja.jinja_oracle import (
    our_expression,
    our_template,
    their_expression,
    their_template,
)
from expressions.jinja.jinja_texts import FACTOR, PIECES

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def strings(data: Any) -> set[str]:
    """Every string in a document that could be Jinja, keys included."""
    found, waiting = set(), [data]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            waiting += [*part.keys(), *part.values()]
        elif isinstance(part, list):
            waiting += part
        elif isinstance(part, str) and ("{{" in part or "{%" in part or "{#" in part):
            found.add(part)
    return found


@pytest.fixture(scope="module")
def texts(corpus: Path) -> list[str]:
    found: set[str] = set()
    for file in [*corpus.rglob("*.yaml"), *corpus.rglob("*.yml")]:
        content = file.read_bytes()
        if b"{{" in content or b"{%" in content:
            try:
                found |= strings(list(yaml.load_all(content, LOADER)))
            except (yaml.YAMLError, UnicodeDecodeError):
                continue  # not for this test: there are broken files in the corpus
    assert len(found) > 100
    return sorted(found)


def test_strings_of_the_corpus(texts: list[str]) -> None:
    for text in texts:
        assert our_template(text) == their_template(text), text
        inside = text.strip().removeprefix("{{").removesuffix("}}")
        assert our_expression(inside) == their_expression(inside), inside


def test_edited_strings_of_the_corpus(texts: list[str]) -> None:
    chance = random.Random(3)
    for _ in range(1000 * FACTOR):
        text = chance.choice(texts)
        start = chance.randrange(len(text) + 1)
        end = start + chance.choice((0, 0, 1, 2, 6))
        inserted = chance.choice(("", *chance.choices(PIECES, k=2)))
        edited = text[:start] + inserted + text[end:]
        assert our_template(edited) == their_template(edited), edited
