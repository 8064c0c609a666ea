"""Random Jinja as people nest it: filters on filters, tests, slices, loops, macros, whitespace control."""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random
from typing import Any

from evaluation.yaql_compose import DATA as YAQL_DATA

DATA: dict[str, Any] = {**YAQL_DATA, "astral": "😀a𝒳", "__x": 1}
"""The variables of the workflow."""

# In these, each «kind» stands for an expression of that kind.
_FORMS: dict[str, Sequence[str]] = {
    "int": (
        "0", "1", "2", "-3", "7", "10", "ctx().n", "ctx('n')", "ctx().l[0]", "«list»|length", "«str»|length", "«list»|count", "«int» + «int»",
        "«int» - «int»", "«int» * «int»", "«int» // «int»", "«int» % «int»", "-«int»", "«ints»|sum", "«ints»|max", "«ints»|min", "«any»|int",
        "«any»|int(5)", "«any»|int(default=«int»)", "«str»|wordcount", "«num»|abs", "«num»|round|int", "«ints»|first", "«ints»|last",
        "«str»|int(0, 16)", "«bool»|int", "«list».index(«any»)", "«list».count(«any»)", "«str».find(«str»)", "«str».count(«str»)",
        "«int» if «bool» else «int»", "ctx().big", "2 ** «small»", "«ints»|sum(start=«int»)", "«rows»|sum(attribute='port')",
        "«rows»|map(attribute='port')|sum", "(«rows»|first).port", "(«any»)|length", "«dict»|length",
    ),
    "small": (
        "0", "1", "2", "3", "-1", "5",
    ),
    "num": (
        "1.5", "-0.5", "2.0", "ctx().f", "1e3", "«int»", "«int» / «int»", "«num» * 1.5", "«any»|float", "«any»|float(default=1.5)", "«num»|round",
        "«num»|round(1)", "«num»|round(«small», 'floor')", "«num»|round(1, 'ceil')", "«num»|abs", "1_000", "0x1f", "0b11", "0o17", "1.5e-7",
        "«num» - «num»",
    ),
    "str": (
        "''", "'a'", '"b"', "'a,b,c'", "' x '", '\'é"\'', "'😀'", "ctx().s", "ctx().e", "ctx().astral", "«any»|string", "«str» ~ «any»",
        "«str» + «str»", "«str»|upper", "«str»|lower", "«str»|title", "«str»|capitalize", "«str»|trim", "«str»|trim('a')",
        "«str»|replace('a', «str»)", "«str»|replace('a','b',1)", "«list»|join", "«list»|join(',')", "«list»|join('-', attribute='name')",
        "«str»|center(9)", "«str»|indent", "«str»|indent(2, true)", "«str»|indent('>>', blank=true)", "«str»|truncate(5)",
        "«str»|truncate(5, true, '', 0)", "«str»|wordwrap(3)", "«str»|wordwrap(3, false)", "«str»|escape", "«str»|e", "«str»|forceescape",
        "«str»|striptags", "«str»|urlize", "«any»|urlencode", "«str»|reverse", "«any»|tojson", "«any»|tojson(indent=2)", "«any»|pprint",
        "'%s-%s'|format(«any», «int»)", "'%d'|format(«int»)", "'%05.2f' % «num»", "'%s' % «any»", "'{} {}'.format(«any», «any»)",
        "'{a}'.format(a=«any»)", "«str».upper()", "«str».strip()", "«str».replace('a','b')", "«str»[«small»]", "«str»[«small»:]", "«str»[::-1]",
        "«str»[:«small»]", "«str» * «small»", "','.join(«strs»)", "«str».title()", "«str».zfill(5)", "«str».ljust(4)~'|'", "«int»|filesizeformat",
        "«num»|filesizeformat(true)", "«dict»|xmlattr", "«dict»|xmlattr(false)", "«str»|default('d')", "«any»|default('d', true)",
        "(«rows»|first).name", "«str»|first", "«str»|last", "«str» if «bool» else «str»", "«str»|safe", "«str».capitalize()", "«str».lstrip('a')",
        "«any» ~ «any» ~ «any»", "'a' 'b'", "'it\\'s'", "'\\n\\t\\\\'", "'\\u00e9'", "«str»|string", "«str».swapcase()", "«str».removeprefix('a')",
        "«str».casefold()", "«str».format(1)",
    ),
    "strs": (
        "ctx().ls", "['a','b']", "'a,b'.split(',')", "«str».split()", "«str»|list", "«rows»|map(attribute='name')|list", "«ls»|map('upper')|list",
        "«str».splitlines()", "«ls»|sort", "«str»|wordwrap(2)|list", "«dict»|list", "«str».partition('a')|list",
    ),
    "ls": (
        "ctx().ls", "['b','a','C']", "«strs»",
    ),
    "bool": (
        "true", "false", "True", "ctx().t", "«int» > «int»", "«num» <= «num»", "«any» == «any»", "«any» != «any»", "not «any»", "«any» and «any»",
        "«any» or «any»", "«any» in «list»", "«any» not in «list»", "«str» in «str»", "«any» is string", "«any» is number", "«any» is integer",
        "«any» is float", "«any» is boolean", "«any» is mapping", "«any» is iterable", "«any» is sequence", "«any» is none", "«any» is not none",
        "«any» is true", "«any» is false", "«any» is defined", "«any» is undefined", "«int» is even", "«int» is odd", "«int» is divisibleby(«int»)",
        "«int» is divisibleby 3", "«str» is lower", "«str» is upper", "«any» is sameas(«any»)", "«any» is eq(«any»)", "«int» is lt(«int»)",
        "«int» is ge(«int»)", "«any» is in(«list»)", "«any» is callable", "«any» is escaped", "'upper' is filter", "'odd' is test",
        "«int» < «int» < «int»", "ctx().zz is defined", "ctx().d.q is defined", "ctx().nul is none", "«int» is equalto «int»",
        "«int» is greaterthan(1)", "«int» is lessthan 2", "«int» is ne 3", "«str».startswith('a')", "«str».isdigit()", "«any» is not defined",
        "'x' in «dict»", "«any»|length > 1",
    ),
    "ints": (
        "ctx().l", "[1, 2, 3]", "[]", "[«int», «int»]", "range(«small»)|list", "range(1, 5)|list", "range(5, 0, -2)|list", "«ints»|sort",
        "«ints»|sort(reverse=true)", "«ints»|unique|list", "«ints»|reverse|list", "«ints»|select('odd')|list", "«ints»|reject('even')|list",
        "«ints»|select('gt', 1)|list", "«ints»|map('abs')|list", "«ints»|map('string')|map('int')|list", "«rows»|map(attribute='port')|list",
        "«ints»[«small»:]", "«ints»[::2]", "«ints» + «ints»", "«ints» * «small»", "«ints»|list", "ctx().l[1:]", "«ints»|map('round', 1)|list",
        "«ints»|select|list",
    ),
    "list": (
        "ctx().mix", "«ints»", "«strs»", "«rows»", "[«any», «any»]", "(«any», «any»)", "(«any»,)", "«list»|list", "«list»|batch(2)|list",
        "«list»|batch(2, 'x')|list", "«list»|slice(2)|list", "«list»|slice(3, 'z')|list", "«dict»|dictsort", "«dict»|dictsort(true)",
        "«dict»|dictsort(false, 'value')", "«dict»|dictsort(reverse=true)", "«dict»|items|list", "«dict».items()|list", "«dict».keys()|list",
        "«dict».values()|list", "«rows»|groupby('name')|list", "«rows»|groupby('up')|map(attribute='grouper')|list",
        "«rows»|groupby('zone', default='x')|list", "«rows»|selectattr('up')|list", "«rows»|selectattr('port', 'gt', 80)|list",
        "«rows»|rejectattr('up')|list", "«rows»|rejectattr('name', 'equalto', 'web')|list", "«rows»|map(attribute='tags')|list",
        "«rows»|map(attribute='tags.0', default='-')|list", "«rows»|map(attribute='zone', default='q')|list", "«rows»|sort(attribute='port')",
        "«rows»|sort(attribute='name,port', reverse=true)", "«rows»|unique(attribute='name')|list", "«rows»|max(attribute='port')",
        "«list»|reverse|list", "«list»|map('string')|list", "«list»|select('string')|list", "«list»|reject('none')|list", "«list»|unique|list",
        "«list»|sort", "«list»|map('length')|list", "«ls»|sort(case_sensitive=true)", "«ls»|min", "«list»[«small»:]", "«list» + «list»",
        "«any»|list", "«rows»|map(attribute='name')", "«ints»|select('odd')", "«list»|map('default', 1)|list", "«str»|list", "«list»|first",
        "«list»|last", "«any»|unique|list",
    ),
    "rows": (
        "ctx().rows", "[{'name': «str», 'port': «int», 'tags': [], 'up': true}]", "«rows»|selectattr('up')|list", "«rows»|sort(attribute='name')",
        "«rows»|list",
    ),
    "dict": (
        "ctx().d", "{}", "{'a': «any»}", "{«str»: «any», 'b': 2}", "dict(a=«any»)", "dict(«dict», x=1)", "(«rows»|first)", "ctx().d.b",
        "dict([['a', 1]])", "{1: 2, none: 3}", "«rows»|last", "{'a': 1, 'a': «int»}",
    ),
    "any": (
        "«int»", "«str»", "«bool»", "«list»", "«dict»", "none", "ctx().nul", "ctx().d.b.c[2].x", "ctx()['n']", "ctx().get('n')",
        "ctx().get('zz', «any»)", "ctx().zz|default(«any»)", "ctx().d.q|default('dd')", "«num»", "«list»|first", "«list»|last", "«dict».a",
        "«dict»['a']", "«dict».get('a')", "«dict».get('zz', «any»)", "«list»[«small»]", "(«any»)", "«any» if «bool»", "«any» if «bool» else «any»",
        "«any» and «any»", "«any» or «any»", "ctx()", "ctx().zz", "ctx().d.q", "zz", "«any» + «any»", "«any» * «any»", "«any»|attr('upper')",
        "«str»|nofilter", "cycler('a','b').next()", "namespace(a=«any»).a", "range(3)", "«any»|d(«any»)", "loop", "1 in «any»",
        "«list»|map('nofilter')|list", "ctx().d.keys()", "ctx()|length", "ctx().keys()|sort", "'n' in ctx()",
    ),
}  # fmt: skip

_FLAT = {kind: [f for f in forms if "«" not in f] or ["1"] for kind, forms in _FORMS.items()}
_TEXTS = ("", "x", " ", "\n", "a b", "\n  ", "é😀", "{", "<", "&", "  \n", "%}", "#", "1")


def expression(random: Random, kind: str = "any", depth: int = 3) -> str:
    """An expression, mostly of a kind that works where it stands."""
    if random.random() < 0.05:
        kind = random.choice(list(_FORMS))
    form = random.choice(_FORMS[kind] if depth > 0 else _FLAT[kind])
    first, *parts = form.split("«")
    out = [first]
    for part in parts:
        inner_kind, _, rest = part.partition("»")
        inner = expression(random, inner_kind, depth - 1)
        alone = "".join(out).rstrip()[-1:] in tuple("(,[") and rest.lstrip()[:1] in tuple("),]")
        if not (alone or inner.isalnum()) and random.random() < 0.93:
            inner = f"({inner})"
        out += [inner, rest]
    return "".join(out)


def template(random: Random, depth: int = 2) -> str:
    """A text with at least one tag."""
    pieces = [_piece(random, depth) for _ in range(random.randint(0, 3))]
    pieces.insert(random.randint(0, len(pieces)), _block(random, depth))
    return "".join(pieces)


def _piece(random: Random, depth: int) -> str:
    chance = random.random()
    if chance < 0.35:
        return random.choice(_TEXTS)
    if chance < 0.75 or depth <= 0:
        left, right = (random.choice(("", "", "", "-")) for _ in "lr")
        kind = random.choice(("any", "str", "int", "list", "dict", "bool"))
        return f"{{{{{left} {expression(random, kind, 1)} {right}}}}}"
    return _block(random, depth)


_BLOCKS = (
    "[if «bool»]•[endif]", "[if «bool»]•[elif «bool»]•[else]•[endif]",
    "[for i in «list»]•{{ i }}[endfor]", "[for i in «any»]{{ loop.index }}•[else]none[endfor]",
    "[for i in «ints» if i != 1]{{ loop.first }}{{ loop.last }}{{ loop.length }}[endfor]",
    "[for i in «rows»]{{ i.name }}{{ loop.cycle('a', 'b') }}{{ loop.changed(i.name) }}[endfor]",
    "[for i in «ints»]{{ loop.previtem | default('-') }}{{ loop.nextitem | default('-') }}{{ loop.revindex0 }}[endfor]",
    "[for k, v in («dict»).items()]{{ k }}={{ v }};[endfor]", "[set x = «any»]•{{ x }}", "[set x]•[endset]{{ x }}|",
    "[macro m(a, b=2)]{{ a }}{{ b }}{{ varargs }}{{ kwargs }}•[endmacro]{{ m(1, «any», 3, c=5) }}{{ m.arguments }}",
    "[macro w()]<{{ caller() }}>[endmacro][call w()]•[endcall]", "[filter upper]•[endfilter]",
    "[filter replace('a', 'b') | indent(2)]•[endfilter]", "[with a = «any»]{{ a }}•[endwith]",
    "[set ns = namespace(c=0)][for i in «ints»][set ns.c = ns.c + i][endfor]{{ ns.c }}", "{# c #}", "{#- c -#}",
    "[autoescape true]•{{ «str» }}[endautoescape]", "[set a, b = 1, 2]{{ a }}{{ b }}", "[block q]•[endblock]",
    "[for i in ctx().m recursive]{{ i if i is number else loop(i) }}[endfor]", "[print «any»]", "[include 'x']",
    "[raw]{{ a }}[endraw]", "[do 1]", "[filter nof]•[endfilter]", "[for i in «list»][break][endfor]",
)  # fmt: skip
"""Tags in square brackets; • is anything."""

_TAG = re.compile(r"\[((?:if|elif|else|endif|for|endfor|set|endset|macro|endmacro|call|endcall|filter|endfilter|"
                  r"with|endwith|autoescape|endautoescape|block|endblock|print|include|raw|endraw|do|break)\b"
                  r"(?:[^\[\]]|\[[^\[\]]*\]|\[\[[^\]]*\[[^\]]*\]\][^\]]*\])*)\]")  # fmt: skip


def _block(random: Random, depth: int) -> str:
    def tag(match: re.Match[str]) -> str:
        left, right = random.choice(("", "", "", "-", "+")), random.choice(("", "", "", "-"))
        if "raw" in match[1]:
            left = right = ""
        return f"{{%{left} {match[1]} {right}%}}"

    text = _TAG.sub(tag, random.choice(_BLOCKS))
    text = re.sub("«(.*?)»", lambda match: expression(random, match[1], 1), text)
    return re.sub("•", lambda match: _piece(random, depth - 1), text)
