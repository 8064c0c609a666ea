"""A name written in every style of YAML and expression is renamed, and renamed back to the same text."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from st2lang.document import Document
from st2lang.query import rename, symbol
from st2lang.query.renaming_text import apply
from st2lang.source import Source

NAMES = st.sampled_from(
    ["host", "yes", "n", "null", "_x", "été", "x1", "e1", "value", "in_", "漢字", "on"]
)
USES = st.sampled_from(
    [
        "<% ctx().NAME %>",
        "<% ctx(NAME) %>",
        "<% ctx('NAME') %>",
        '<% ctx("NAME") %>',
        "<% ctx(`NAME`) %>",
        "<% ctx()['NAME'] %>",
        "<% ctx().get(NAME, 'NAME') %>",
        "{{ ctx().NAME }}",
        "{{ ctx('NAME') }}",
        '{{ ctx()["NAME"] }}',
        "{% if ctx().NAME %}NAME{% endif %}",
        "a: 'b' <% ctx().NAME.NAME %> # c",
    ]
)


def quoted(text: str, style: str) -> str:
    if style == "single":
        return "'" + text.replace("'", "''") + "'"
    if style == "double":
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if style == "literal":
        return f"|\n        {text}"
    return f">-\n        {text}\n        more"


STYLES = st.sampled_from(["single", "double", "literal", "folded"])
KEYS = st.sampled_from(["NAME", "'NAME'", '"NAME"'])


@settings(max_examples=150)
@given(
    old=NAMES,
    new=NAMES,
    uses=st.lists(st.tuples(USES, STYLES), min_size=1, max_size=4),
    keys=st.tuples(KEYS, KEYS),
    line_break=st.sampled_from(["\n", "\r\n"]),
    at=st.randoms(),
)
def test_there_and_back(old, new, uses, keys, line_break, at) -> None:  # type: ignore[no-untyped-def]
    lines = [
        "version: 1.0",
        "input:",
        f"  - {keys[0]}: 1",
        "tasks:",
        "  t:",
        "    action: core.echo",
    ]
    lines += ["    input:", *(f"      k{i}: {quoted(*use)}" for i, use in enumerate(uses))]
    lines += ["    next:", "      - publish:", f"          - {keys[1]}: NAME"]
    plain = "\n".join(lines) + "\n"
    text = plain.replace("NAME", old).replace("\n", line_break)
    document = Document(Source("w.yaml", text), kind="orquesta")
    target = symbol.Symbol(symbol.Kind.VARIABLE, old)
    found = symbol.of(document, target)
    if len(found) < 2:  # a key such as `yes` is no text
        return
    result = rename.rename(document, at.choice(found).span.start, new)
    if isinstance(result, rename.Refusal):
        assert result.reason
        return
    changed = apply(text, result.files[0][1]) if result.files else text
    after = Document(Source("w.yaml", changed), kind="orquesta")
    renamed = symbol.of(after, symbol.Symbol(symbol.Kind.VARIABLE, new))
    assert len(renamed) == len(found)
    assert not after.yaml.problems
    back = rename.rename(after, renamed[0].span.start, old)
    assert isinstance(back, rename.Renamed)
    again = apply(changed, back.files[0][1]) if back.files else changed
    assert again.replace("'", "") == text.replace("'", "")
    if new not in ("yes", "null", "n", "on"):
        assert again == text
