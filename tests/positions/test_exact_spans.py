"""A known expression, written in every style of scalar, is found again at its exact place."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from st2lang.document import Document
from st2lang.source import Source
from st2lang.symbols import Use

WORDS = st.lists(
    st.sampled_from(
        ["a", "über", "漢字", "😀", "it's", 'say "x"', "a\\b", "#x", "x: y", "- z", "{b}", "%", "é́"]
    ),
    max_size=5,
).map(" ".join)
BREAKS = st.sampled_from(["\n", "\r\n", "\r"])
EXPRESSIONS = st.sampled_from(
    ["<% ctx().needle %>", "<% ctx(needle) %>", "<% 'x' + ctx('needle') %>", "{{ ctx().needle }}"]
)
STYLES = ("plain", "single", "double", "escaped", "literal", "folded", "flow", "key", "inline")


def single(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def double(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def escaped(text: str) -> str:
    """Every character that is not a letter of ASCII as an escape, the needle left alone."""
    before, needle, after = text.partition("needle")
    return (
        '"'
        + "".join(f"\\U{ord(c):08x}" for c in before)
        + needle
        + "".join(f"\\U{ord(c):08x}" for c in after)
        + '"'
    )


def folded_over_lines(text: str, indent: str) -> str:
    """A folded block: every space outside the expression may become a line break."""
    head, open_, rest = text.partition("<%") if "<%" in text else text.partition("{{")
    lines = [line for line in head.split(" ") if line]
    return ">-\n" + "".join(f"{indent}{line}\n" for line in lines) + f"{indent}{open_}{rest}"


def render(style: str, text: str, indent: str, header: str) -> str:
    """The value of `message`, as YAML."""
    if style == "plain":
        return f"x {text}".replace(": ", ":").replace(" #", "#")
    if style == "single":
        return single(text)
    if style == "double":
        return double(text)
    if style == "escaped":
        return escaped(text)
    if style == "literal":
        return f"|{header}\n{indent}{text}\n{indent}end"
    if style == "folded":
        return folded_over_lines(text, indent)
    if style == "flow":
        return "[one, " + double(text) + ", {k: v}]"
    return "{" + double(text) + ": 1}"


@settings(max_examples=400)
@given(
    style=st.sampled_from(STYLES),
    before=WORDS,
    expression=EXPRESSIONS,
    after=WORDS,
    depth=st.integers(min_value=1, max_value=9),
    header=st.sampled_from(["", "-", "+"]),
    line_break=BREAKS,
)
def test_a_variable_is_found_where_it_is_written(
    style: str, before: str, expression: str, after: str, depth: int, header: str, line_break: str
) -> None:
    text = f"{before} {expression} {after}".strip()
    if "{{" in expression and "{%" in text:
        return
    indent = " " * (6 + depth)
    if style == "inline":
        value = f"core.echo message={single(expression) if chr(39) not in expression else double(expression)}"
        lines = ["  t:", f"    action: {value}"]
    else:
        lines = [
            "  t:",
            "    action: core.echo",
            "    input:",
            f"      message: {render(style, text, indent, header)}",
        ]
    workflow = "version: 1.0\nvars:\n  - other: 1\ntasks:\n" + "\n".join(lines) + "\n"
    workflow = workflow.replace("\n", line_break)
    document = Document(Source("w.yaml", workflow), kind="orquesta")
    found = [r for r in document.references if r.use is Use.VARIABLE and r.name == "needle"]
    assert document.yaml.problems == (), workflow
    assert [workflow[r.span.start : r.span.end] for r in found] == ["needle"], workflow
    assert found[0].span.start == workflow.index("needle")
    position = document.source.position(found[0].span.start)
    assert document.source.offset(*position) == found[0].span.start
