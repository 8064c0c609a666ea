"""Random YAQL expressions as people nest them: chains of methods, lambdas in lambdas, names, keywords."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

DATA: dict[str, Any] = {
    "n": 7,
    "f": 2.5,
    "big": 10**30,
    "s": "Größe, a b",
    "e": "",
    "t": True,
    "nul": None,
    "l": [3, 1, 2, 3],
    "ls": ["b", "a", "c", "a"],
    "mix": [1, "a", None, True, 2.0, [1], {"k": 1}],
    "m": [[1, 2], [3, 4, 5], []],
    "d": {"a": 1, "b": {"c": [1, 2, {"x": "y"}]}, "z": None},
    "rows": [
        {"name": "web", "port": 80, "tags": ["a", "b"], "up": True},
        {"name": "db", "port": 5432, "tags": [], "up": False},
        {"name": "web", "port": 443, "tags": ["b"], "up": True},
    ],
}
"""What `$` is."""

# In these, each «kind» stands for an expression of that kind and ‹kind› for one in which `$` is of it.
_FORMS: dict[str, Sequence[str]] = {
    "int": (
        "0", "1", "2", "3", "-1", "10", "$.n", "$.l[0]", "$.big", "len(«str»)", "«list».len()",
        "«ints».sum()", "«ints».sum(«int»)", "«int» + «int»", "«int» - «int»", "«int» * «int»",
        "«int» / «int»", "«int» mod «int»", "-«int»", "«list».count()", "«ints».max()", "«ints».min(«int»)",
        "max(«int», «int»)", "int(«num»)", "«str».indexOf(«str»)", "«list».indexOf(«any»)",
        "«ints».aggregate($1 + $2)", "«ints».aggregate($1 * 2 - $2, «int»)", "«list».indexWhere(‹any:bool›)",
        "«dict».len()", "«set».len()", "abs(«int»)", "sign(«num»)", "«int».switchCase(«int», «int»)",
        "selectCase(«bool», «bool»)", "let(x => «int») -> $x + «int»", "let(«int», b => «int») -> $1 * $b",
        "«rows».select($.port).first()", "«rows».where(‹row:bool›).len()", "round(«num»)", "pow(«small», «small»)",
        "bitwiseAnd(«int», «int»)", "shiftBitsLeft(«small», «small»)", "int(«bool»)", "«moment».year", "hex(«int»).len()",
        "«ints».accumulate($1 + $2).last()", "call(max, [«int», «int»], {})", "def(f, $ + 1) -> f(«int»)",
    ),
    "small": ("0", "1", "2", "3", "-1"),
    "num": ("1.5", "-0.5", "2.0", "$.f", "1e3", "«int»", "«num» / 2", "«num» * 1.5", "float(«int»)", "«ints».sum() / 2.0",
            "round(«num», 1)", "pow(2, 0.5)", "«span».hours", "float(inf)", "float(nan)", "«num» + «num»"),
    "str": (
        "''", "a", "'ab'", "'a,b,c'", "' x '", "'é\"'", "$.s", "$.e", "str(«any»)", "«str» + «str»", "«str».toUpper()",
        "«str».replace(a, «str»)", "«str».trim()", "«list».select(str($)).join(',')", "«list».join('-')", "«str» * «small»",
        "«str».substring(«small»)", "«str».substring(«small», «small»)", "'-'.join(«list»)", "«str».toLower()",
        "concat(«str», «str»)", "«rows».name.first()", "«rows».select($.name).distinct().join(' ')", "«ls».min()",
        "switch(«bool» => «str», «bool» => «str», true => a)", "coalesce(«any», «str»)", "«str».split(',').last()",
        "regex('[a-z]').replace(«str», '<\\\\g<0>>')", "regex('(\\\\w)').replaceBy(«str», $.value + '.')", "«str».norm()",
        "«moment».format('%Y-%m')", "«str».replace({a => 1, b => x})", "«str».trimLeft(a)", "«dict».get(«key», «str»)",
        "let(x => «str») -> $x + $x", "«str»[«small»]", "«str».toCharArray().first(x)", "format('{0}', 1)",
    ),
    "plain": ("abcab", "$.s", "''", "«ls».join(',')"),
    "bool": (
        "true", "false", "$.t", "«int» > «int»", "«num» <= «num»", "«any» = «any»", "«any» != «any»", "not «any»",
        "«bool» and «bool»", "«bool» or «bool»", "«any» in «list»", "«str» in «str»", "«list».any()", "«list».any(‹any:bool›)",
        "«list».all(‹any:any›)", "«dict».containsKey(«key»)", "«list».contains(«any»)", "«str».startsWith(«str», b)",
        "isString(«any»)", "isList(«any»)", "isDict(«any»)", "isInteger(«any»)", "isNumber(«any»)", "isBoolean(«any»)",
        "isSet(«any»)", "isIterable(«any»)", "bool(«any»)", "«str» =~ '^[a-z]'", "«str» !~ 'a'", "isEmpty(«str»)",
        "«str» < «str»", "«any» > «any»", "«str».matches('[ab]')", "«moment» < «moment»", "«span» > «span»",
        "«set» < «set»", "«any» = null", "«dict».containsValue(«any»)", "regex(b).matches(«str»)", "«any» < null",
    ),
    "ints": ("$.l", "[1, 2, 3]", "[]", "[«int», «int»]", "range(«small»)", "range(1, 5)", "range(5, 0, -2)", "«ints».where(‹int:bool›)",
             "«ints».select(‹int:int›)", "«rows».select($.port)", "«rows».port", "«ints».orderBy($)", "«ints».orderByDescending($ mod 3)",
             "«ints».toSet().orderBy($)", "«ints» + «ints»", "«ints».distinct()", "«ints».reverse()", "«ints».skip(«small»)",
             "«ints».limit(«small»)", "«m».selectMany($)", "«ints».toList()", "«ints».memorize()", "«ints».append(«int»)",
             "«ints».insert(«small», «int»)", "«ints».replace(«small», «int»)", "«ints».delete(«small»)", "sequence().limit(3)",
             "«ints».takeWhile(‹int:bool›)", "«ints».skipWhile(‹int:bool›)", "generate(0, $ < 5, $ + 2)", "«ints».accumulate($1 + $2)",
             "«ints».toSet() + set(1)", "«ints».filter($ > 1).map($ * 2)", "«ints».distinct($ mod 2)", "generateMany(3, range($))"),
    "ls": ("$.ls", "[a, b]", "'a,b'.split(',')", "«str».split()", "«ls».orderBy($)", "«rows».name", "«dict».keys().orderBy($)", "«list».select(str($))"),
    "m": ("$.m", "[[1, 2], [3]]", "«ints».slice(2)", "«list».select([$])", "«ints».zip(«list»)", "«list».enumerate()", "«ints».splitAt(«small»)"),
    "list": ("$.mix", "«ints»", "«ls»", "«m»", "«rows»", "[«any», «any»]", "list(«any», «any»)", "«list».where(‹any:bool›)", "«list».select(‹any:any›)",
             "«dict».values()", "«dict».items().orderBy($[0])", "«list» * «small»", "«list».flatten()", "«rows».groupBy($.name)",
             "«rows».groupBy($.name, $.port)", "«rows».groupBy($.name, $.port, $.sum())", "«rows».groupBy($.up, $.name, [$[0], $[1].len()])",
             "«ints».join(«ints», $1 > $2, [$1, $2])", "«list».concat(«list»)", "«ints».zipLongest(«ls», default => 0)", "«list».splitWhere(‹any:bool›)",
             "«list».sliceWhere(‹any:bool›)", "«rows».orderBy($.name).thenByDescending($.port)", "«list».first([])", "«list».replaceMany(1, «list»)",
             "«list».insertMany(«small», «list»)", "«list».last(«list»)", "«list»[«small»:]", "«rows».select({n => $.name, p => $.port})",
             "«rows».selectMany($.tags)", "selectAllCases(«bool», «bool»)", "examine(«bool», «any»)", "«list».defaultIfEmpty([1])", "«list».selectMany(‹any:any›)",
             "let(r => $) -> «list».select([$, $r])", "«ints».select(let(y => $) -> range(3).select($ + $y))", "[«list», «dict»].select($.len())"),
    "rows": ("$.rows", "«rows».where(‹row:bool›)", "«rows».orderBy(‹row:any›)", "[{name => «str», port => «int», tags => [], up => true}]", "«rows».toList()"),
    "set": ("set()", "set(1, 2)", "«ints».toSet()", "«ls».toSet()", "«dict».keys()", "«set».union(«set»)", "«set» - «set»", "«set».add(«any»)", "set(«any»)",
            "«set».intersect(«set»)", "«set».symmetricDifference(«set»)", "«set».remove(«any»)", "«dict».items()", "«set» + «set»"),
    "dict": ("$.d", "{}", "{a => «any»}", "{«str» => «any», b => 2}", "dict(a => «any»)", "dict([[a, 1], [b, «any»]])", "«dict» + «dict»", "«dict».set(«key», «any»)",
             "«dict».delete(«key»)", "«dict».deleteAll([a, b])", "«rows».toDict($.name, $.port)", "«ls».toDict($)", "«dict».mergeWith(«dict»)", "«dict».set({q => 1})",
             "«rows».first()", "«dict».mergeWith(«dict», $1 + $2, max($1, $2))", "«dict».set(a => 5, b => «any»)", "dict(«dict».items())", "$.d.b", "$.d?.b",
             "dict(«ls».select([$, len($)]))", "«rows».single()"),
    "moment": ("datetime(2024, 2, 29)", "datetime('2023-12-31T23:59:58')", "«moment» + «span»", "«moment» - «span»", "datetime(86400)", "datetime(2020, 1, 1, 12, 30)",
               "datetime(2024, 1, 1, offset => «span»)", "«moment».replace(month => 2, day => 3)", "«moment».utc", "«moment».date", "datetime('2024-05-06 07:08', '%Y-%m-%d %H:%M')"),
    "span": ("timespan()", "timespan(hours => 2)", "timespan(days => -1, seconds => 30)", "«moment» - «moment»", "«span» * 2", "«span» / 2", "«span» + «span»", "-«span»",
             "«moment».offset", "«moment».time"),
    "key": ("a", "b", "zz", "1", "name"),
    "any": ("«int»", "«str»", "«bool»", "«list»", "«dict»", "null", "$.nul", "$.d?.q?.r", "$.nul?.x", "«num»", "«set»", "$", "$.d.b.c[2].x", "«moment»", "«span»", "«list».first()", "«list».single()",
            "«dict».get(«key»)", "«dict»[«key»]", "«dict»[«key», «any»]", "«dict».a", "«list»[«small»]", "«rows».where(‹row:bool›).name", "switch(«any» => «any», true => «any»)",
            "coalesce(«any», «any»)", "(«any»)", "«any» and «any»", "«any» or «any»", "with(«any», «any») -> [$2, $1]", "[1, [2, «any»]].unpack(x, y) -> $y", "«any» + «any»", "«any» -> 1",
            "«list».unpack() -> $1", "«any».assert($ != 1)", "«any»?.len()", "assert(«any», $ = 1)", "regex('(a)(b)?').search(«plain», $2.value)", "regex('[a-c]').searchAll(«plain»)",
            "def(f, $1 + $2) -> f(«int», «int»)", "def(fact, switch($ <= 1 => 1, true => $ * fact($ - 1))) -> fact(«small»)", "call(len, [«any»], {})", "$x", "«str».len", "«any».name", "random() < 2",
            "«dict».select($)", "max(«any», «any»)", "«list».max()", "«list».sum()", "(«list»).where($).select($)", "«dict».items()", "«any» => «any»"),
    # Lambdas: what `$` is, and what they give.
    "int:bool": ("$ > 1", "$ mod 2 = 0", "$ in [1, 2]", "not $", "$ > 1 and $ < 5", "true", "isInteger($)", "$ != 3 or $ = 1"),
    "int:int": ("$ + 1", "$ * $", "-$", "$", "max($, 2)", "$ / 2", "let(q => $) -> $q + 1", "[1, 2].sum() + $", "range($).len()"),
    "row:bool": ("$.port > 100", "$.up", "$.name = web", "$.tags.any()", "b in $.tags", "$.tags.len() > 0 and not $.up", "$.get(zz) = null", "$.zz"),
    "row:any": ("$.port", "$.name", "$.tags.len()", "-$.port", "[$.name]", "$.up", "str($.port)"),
    "any:bool": ("$", "not $", "isString($)", "$ = 1", "$ > 1", "$ in [1, a]", "bool($)", "isInteger($) and $ > 1", "true", "$.len() > 1", "$ != null"),
    "any:any": ("$", "str($)", "[$, 1]", "{v => $}", "$ + $", "$.len()", "isList($)", "$[0]", "$.name", "null", "$.select($)", "switch(isInteger($) => $ + 1, true => $)", "$1", "$2", "$x", "len($)"),
}  # fmt: skip

_FLAT = {
    kind: [f for f in forms if "«" not in f and "‹" not in f] or ["1"]
    for kind, forms in _FORMS.items()
}


def composed(random: Random, kind: str = "any", depth: int = 4) -> str:
    """An expression, mostly of a kind that works where it stands."""
    pick: Callable[[Sequence[str]], str] = random.choice
    if random.random() < 0.04:
        kind = pick(("any", "int", "str", "list", "dict", "set", "ints"))
    form = pick(_FORMS[kind] if depth > 0 else _FLAT[kind])
    out, start = [], 0
    while True:
        found = min(
            (i for i in (form.find("«", start), form.find("‹", start)) if i >= 0), default=-1
        )
        if found < 0:
            return "".join([*out, form[start:]])
        end = min(i for i in (form.find("»", found), form.find("›", found)) if i >= 0)
        inner = composed(random, form[found + 1 : end], depth - 1)
        if (
            not inner.isalnum()
            and " " in inner
            and (found or end + 1 < len(form))
            and form[found] == "«"
        ):
            inner = f"({inner})" if _bare(form, found, end) else inner
        out += [form[start:found], inner]
        start = end + 1


def _bare(form: str, start: int, end: int) -> bool:
    """Whether what is put here must be in brackets: it is no argument of its own."""
    before, after = form[:start].rstrip()[-1:], form[end + 1 :].lstrip()[:1]
    return not (before in "(,[" and after in "),]")
