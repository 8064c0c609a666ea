"""Case files: values that a parameter takes or refuses, and what is wrong with parameter blocks."""

from __future__ import annotations

from pathlib import Path

import pytest

from st2lang.catalog.builtin import runner
from st2lang.catalog.models import Parameter
from st2lang.catalog.read import plain, read_data
from st2lang.catalog.rules import check_parameters
from st2lang.catalog.values import check_value
from st2lang.problem import format_path
from st2lang.yaml import parse

HERE = Path(__file__).parent


def compare(case: Path, found: str, bless: bool) -> None:
    expected = case.with_suffix(".out")
    if bless:
        expected.write_text(found, encoding="utf-8")
    assert found == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("case", sorted((HERE / "values").glob("*.yaml")), ids=lambda p: p.stem)
def test_values(case: Path, bless: bool) -> None:
    document = parse(case.read_text(encoding="utf-8")).documents[0]
    assert document is not None
    lines = []
    for group in plain(document):
        lines.append(f"{group['parameter']}")
        for value in group["values"]:
            told = check_value(Parameter("p", group["parameter"]), value)
            lines.append(f"    {value!r}: {told or 'ok'}")
    compare(case, "\n".join(lines) + "\n", bless)


@pytest.mark.parametrize("case", sorted((HERE / "parameters").glob("*.yaml")), ids=lambda p: p.stem)
def test_parameters(case: Path, bless: bool) -> None:
    data = read_data(case.read_text(encoding="utf-8"))
    found = check_parameters(data["parameters"], runner(data.get("runner_type", "")))
    lines = [f"{format_path(path)}: {check}: {message}" for path, message, check in found]
    compare(case, "\n".join(lines) + "\n", bless)
