"""Random Jinja for the differential tests: grammatical, nearly grammatical and not at all."""

from __future__ import annotations

import os

from hypothesis import strategies as st

FACTOR = int(os.environ.get("ST2C_FUZZ", "1"))

TEMPLATES = (
    "{% for a,b in x if y recursive %}{{ a|f(1)|g is not h(2) }}{% else %}q{% endfor %}",
    "{% if x is foo %} a {%- elif b in c %}\n{%+ else %}z{% endif %}",
    "{% set x, y = 1, 2 %}{% set (a, (b, c)) = x %}{% set in = if %}",
    "{% set ns.a | upper | f(1) %}q{% endset %}{% set x, %}{% endset %}",
    "{% with a=1, b, c=2 %}{{ a }}{% endwith %}{% with %}{% endwith %}",
    "{% macro m(a, b=1): %}x{% endmacro %}",
    "{% call(a, b=2) m(1,*x,k=2,**y) %}x{% endcall %}{% call -x|f()() %}{% endcall %}",
    "{% filter upper|f(1) %}x{% endfilter %}",
    "{% block a scoped required %} {# c #} {% endblock a %}{% block required %}x{% endblock %}",
    "{% include 'x' ignore missing with context %}{% include ignore ~ with %}",
    "{% import 'x' as y without context %}",
    "{% from x import a, b as c, d with context %}{% from x import with, without as context %}",
    "{% from x import with context %}{% from x import a, with context %}{% extends x %}",
    "{% raw %} {{ x }} {% endraw %}\n{%- raw -%} {% if %} {%- endraw +%}\n",
    "{# c #}\n  {# d -#}  x  {#- e #}\n\n{{- x -}}\n",
    "  {% if a %}  \n {{ b }}\r\n {% endif -%}\n \r {%+ if c +%}\r\n{% endif %}\n",
    "{{ {'a': [1,2,(3,)], b: c[1:2:3, ::]}.a.0(1) }}{{-1}}{{ x[] }}",
    "{% autoescape x: %}{% endautoescape %}{% print a, b %}{% print %}",
    "{{ a if b else c if d }}{{ x is y or z }}{{ not in in not }}",
    "{{ -x ** 2 is divisibleby 3 not in y }}{{ x is not foo.bar|f.g()(2) }}",
    "{{ 'a\\n\\x41\\q' \"b\" ~ c ~ (d ~ e) }}{{ 1_0 + 0x_f - 1e-3 // 2.50 % 0b1 }}",
    "{% if a: %}{% elif b, %}{% else: %}{% endif %}{% for x in a, %}{% endfor %}",
    "{{ ctx().x[1] | default('', true) | map(attribute='a') | list | join(', ') }}",
    "{{ f(a is b, not=1, if=2, *c, d=e, **g,) }}",
)

_WORDS = [
    "a",
    "b",
    "x",
    "foo",
    "if",
    "else",
    "in",
    "not",
    "is",
    "and",
    "or",
    "for",
    "recursive",
    "ignore",
    "missing",
    "with",
    "without",
    "context",
    "import",
    "as",
    "from",
    "set",
    "true",
    "none",
    "True",
    "scoped",
    "required",
]
_MARKS = [
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    ".",
    "|",
    "=",
    "==",
    "!=",
    "<=",
    "<",
    ">",
    ">=",
    "+",
    "-",
    "*",
    "**",
    "/",
    "//",
    "%",
    "~",
    ";",
    "!",
    "1",
    "2.5",
    "0x1f",
    "1_0",
    "'a'",
    '"b"',
    "1e3",
]
_BLOCKS = ["if", "for", "set", "with", "macro", "call", "filter", "block", "autoescape"]
_TAGS = [
    *_BLOCKS,
    *(f"end{word}" for word in _BLOCKS),
    *["elif", "else", "print", "include", "import", "from", "extends", "raw", "endraw", "do"],
]
_DELIMITERS = ["{{", "}}", "{%", "%}", "{#", "#}", "{%-", "-%}", "{%+", "+%}", "{{-", "-}}"]
PIECES = [
    *_WORDS,
    *_MARKS,
    *_TAGS,
    *_DELIMITERS,
    "\n",
    "\r\n",
    " ",
    "\t",
    "'",
    '"',
    "\\",
    "-",
    "+",
]

_ATOMS = ["a", "x", "if", "not", "in", "is", "1", "2.5", "'s'", "'a' 'b'", "[]", "()", "{}", "none"]
_BINARY = [
    "+",
    "-",
    "*",
    "**",
    "/",
    "//",
    "%",
    "~",
    "==",
    "<",
    "in",
    "and",
    "or",
    "|",
    "is",
    "not in",
    "is not",
]
_KEYS = ["", "", "not=", "a=", "*", "**"]


def _bigger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Expressions around smaller ones. Nothing is parenthesised, so that precedence is tested."""
    words = st.sampled_from(_WORDS)
    comma = st.sampled_from(["", ","])
    passed = st.lists(st.builds("{}{}".format, st.sampled_from(_KEYS), inner), max_size=3)
    arguments = st.builds("({}{})".format, passed.map(",".join), comma)
    items = st.builds("{}{}".format, st.lists(inner, min_size=1, max_size=3).map(",".join), comma)
    bounds = st.sampled_from([":", "{0}:", "::{0}", "{0}:{0}:{0}", "{0},", ":{0},{0}", "{0}", ""])
    return st.one_of(
        st.builds("{} {} {}".format, inner, st.sampled_from(_BINARY), inner),
        st.builds("{} {} {}".format, inner, st.sampled_from(_BINARY), inner),
        st.builds("{}{}".format, st.sampled_from(["not ", "-", "+"]), inner),
        st.builds("{} if {}".format, inner, inner),
        st.builds("{} if {} else {}".format, inner, inner, inner),
        st.builds("{}{}".format, inner, arguments),
        st.builds(lambda a, form, b: f"{a}[{form.format(b)}]", inner, bounds, inner),
        st.builds("{}.{}".format, inner, st.sampled_from(["a", "if", "0", "1.2", " b"])),
        st.builds("{}|f{}".format, inner, arguments | st.just("")),
        st.builds("{} is {}{}".format, inner, words, arguments | st.just("")),
        st.builds("{} is {} {}".format, inner, words, inner),
        st.builds("({})".format, items),
        st.builds("[{}]".format, items),
        st.builds("{{{}:{}{}}}".format, inner, inner, comma),
    )


def expressions() -> st.SearchStrategy[str]:
    """Mostly grammatical expressions."""
    return st.recursive(st.sampled_from(_ATOMS), _bigger, max_leaves=8)


def soup() -> st.SearchStrategy[str]:
    """Tokens of expressions in no order."""
    piece = st.builds("{}{}".format, st.sampled_from(_WORDS + _MARKS), st.sampled_from([" ", ""]))
    return st.lists(piece, max_size=9).map("".join)


def blocks() -> st.SearchStrategy[str]:
    """Tags with and without their ends."""
    target = st.sampled_from(
        ["a", "a,b", "(a)", "if", "a,", "not", "x.y", "true", "(a.b)", "(not)"]
    )
    signature = st.sampled_from(["", "()", "(a,b=1)", "(a=1,b)", "(a,)", "(if)"])
    value = expressions()
    head = st.one_of(
        st.builds("if {}".format, value),
        st.builds("for {} in {}".format, target, value),
        st.builds("for {} in {} if {} recursive".format, target, value, value),
        st.builds("set {} = {}".format, target, value),
        st.builds("set {}|f|g(1)".format, target),
        st.builds("with {} = {}".format, target, value),
        st.builds("macro m{}".format, signature),
        st.builds("call{} {}".format, signature, value),
        st.builds("filter {}".format, value),
        st.builds("autoescape {}".format, value),
        st.builds("print {}".format, value),
        st.builds("include {} ignore missing".format, value),
        st.builds("include {} with context".format, value),
        st.builds("import {} as a without context".format, value),
        st.builds(
            "from {} import {}".format, value, st.sampled_from(["a", "a as b", "_a", "with"])
        ),
        st.builds("{} {}".format, st.sampled_from(_TAGS), soup()),
    )
    middle = st.sampled_from(
        ["", "x", " \n ", "{% else %}y", "{% elif z: %}", "{% else %}{% else %}"]
    )
    return st.builds(_block, head, st.sampled_from(["", ":", ","]), middle, st.booleans())


def _block(head: str, tail: str, middle: str, ended: bool) -> str:
    word = head.split()[0].split("(")[0]
    return f"{{% {head}{tail} %}}{middle}" + f"{{% end{word} %}}" * ended


@st.composite
def mutations(draw: st.DrawFn, texts: tuple[str, ...] = TEMPLATES) -> str:
    """A real text with a few pieces removed, doubled, inserted or taken from another."""
    text = draw(st.sampled_from(texts))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 6)))
        piece = draw(st.sampled_from(PIECES))
        change = draw(st.sampled_from(["remove", "double", "insert", "replace"]))
        if change == "remove":
            text = text[:start] + text[end:]
        elif change == "double":
            text = text[:end] + text[start:]
        else:
            text = text[:start] + piece + text[end if change == "replace" else start :]
    return text


def whitespace() -> st.SearchStrategy[str]:
    """Texts in which everything is about blanks and line breaks around delimiters."""
    pieces = [" ", "  ", "\n", "\r\n", "\r", "\t", "a", "{{ x }}", "{{- x -}}", "{% if x %}"]
    pieces += [
        "{%- if x -%}",
        "{%+ if x +%}",
        "{% endif %}",
        "{%- endif -%}",
        "{# c #}",
        "{#- c -#}",
    ]
    pieces += ["{#+ c +#}", "{% raw %}", "{%- raw -%}", "{% endraw %}", "{%- endraw -%}", "\u2003"]
    return st.lists(st.sampled_from(pieces), max_size=10).map("".join)
