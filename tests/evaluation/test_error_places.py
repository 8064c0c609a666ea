"""What errors say, of which kind they are and what they underline: cases in `error_places.json`.

A case with `language` is of an ActionChain or a bare expression, as `st2c eval --language` takes it.
`part` is what is underlined in `line`, the line of the text that is shown.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from st2lang.commands.eval import evaluate
from st2lang.evaluation import EvaluationError
from st2lang.evaluation.output import excerpt

FILE = Path(__file__).with_name("error_places.json")
RECORDED = json.loads(FILE.read_text(encoding="utf-8"))


def _outcome(case: dict[str, Any]) -> dict[str, Any]:
    given = {key: case[key] for key in ("text", "language") if key in case}
    with pytest.raises(EvaluationError) as caught:
        evaluate(case["text"], RECORDED["context"], case.get("language"))
    error = caught.value
    line, marks = (row.removeprefix("  ") for row in excerpt(error).split("\n"))
    part = line[marks.index("^") : len(marks)]
    return {**given, "message": error.message, "kind": error.kind, "line": line, "part": part}


@pytest.mark.parametrize("case", RECORDED["cases"], ids=lambda case: case["text"])
def test_error(case: dict[str, Any], bless: bool) -> None:
    if not bless:
        assert _outcome(case) == case


def test_bless(bless: bool) -> None:
    if bless:
        outcomes = [_outcome(case) for case in RECORDED["cases"]]
        rows = ",\n".join(json.dumps(each, ensure_ascii=False) for each in outcomes)
        context = json.dumps(RECORDED["context"], ensure_ascii=False)
        FILE.write_text(f'{{"context": {context},\n"cases": [\n{rows}\n]}}\n', encoding="utf-8")
    texts = [(case["text"], case.get("language")) for case in RECORDED["cases"]]
    assert len(set(texts)) == len(texts)
