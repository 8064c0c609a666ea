"""What would never end, or take all the memory, is an error; and nobody gets at Python's objects."""

from __future__ import annotations

import copy
import subprocess
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from st2lang.evaluation import EvaluationError, Scope, evaluate_yaql, render, render_chain
from st2lang.functions import values


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundredth of what users may have, so that the tests are quick."""
    monkeypatch.setattr(values, "ITERATIONS", 10_000)
    monkeypatch.setattr(values, "STEPS", 50_000)


ENDLESS = [
    "sequence()", "sequence().len()", "sequence().toList()", "sequence().toSet()", "[sequence()]",
    "sequence().select($).last()", "sequence().where(false).first()", "sequence().any($ < 0)",
    "sequence().all($ >= 0)", "sequence().skip(1000000000).first()", "sequence().limit(1000000000).len()",
    "sequence().orderBy($)", "sequence().groupBy($)", "sequence().reverse()", "sequence().max()",
    "sequence().distinct().len()", "sequence().memorize().len()", "sequence().indexWhere($ < 0)",
    "sequence().takeWhile(true).len()", "sequence().join(sequence(), false, 1).first()",
    "sequence().zip(sequence()).len()", "sequence().toDict($)", "sequence().slice(2).len()",
    "sequence().splitWhere(false)", "sequence().sliceWhere(true)", "sequence().accumulate($1 + $2).last()",
    "sequence().flatten().len()", "sequence().enumerate().last()", "concat(sequence(), [1]).len()",
    "-1 in sequence()", "sequence().contains(-1)", "sequence().lastIndexOf(5)", "','.join(sequence())",
    "sequence().unpack() -> 1", "list(sequence())", "set(sequence())", "dict(sequence().select([$, 1]))",
    "{a => sequence()}", "range(5).cycle().len()", "1.repeat().len()", "(sequence() + [1]).len()",
    "range(0, 1000000000000).toList()", "generate(1, true, $ + 1).last()", "generateMany(1, [$, $]).len()",
    "range(1000).selectMany(range(1000)).selectMany(range(1000)).len()",
    "range(9999).select(range(9999).len()).sum()",
    "let(a => [1] * 1000) -> let(b => [$a] * 1000) -> [$b] * 1000",
    "let(a => [1] * 1000) -> let(b => [$a] * 1000) -> str([$b] * 1000)",
    "def(f, f($)) -> f(1)", "def(f, f($ + 1) + f($ + 1)) -> f(1)",
    "def(f, switch($ > 40 => 1, true => f($ + 1) + f($ + 1))) -> f(1)",
    "range(9000).aggregate([$1], [])", "range(9000).aggregate($1.select($), [1])",
]  # fmt: skip

LARGE = [
    "'a' * 1000000000", "[1] * 1000000000", "1000000000 * 'a'", "pow(10, 10000000)", "pow(pow(10, 100000), 100)",
    "shiftBitsLeft(1, 10000000000)", "range(100).aggregate($1 + $1, 'aa')", "range(100).aggregate($1 + $1, [1])",
    "range(100).aggregate($1 * $1, 12345)", "pow(3, pow(10, 5000), pow(10, 5000))", "pow(2, 900000) / pow(3, 9)",
    "('a' * 1000000).replace(a, 'b' * 1000000)", "('a' * 1000000).replace({a => 'b' * 1000000})",
    "regex('').replace('a' * 1000000, 'b' * 1000000)", "range(99).select('a' * 900000).join('')",
    "concat('a' * 9000000, 'a' * 9000000)",
]  # fmt: skip

JINJA = [
    "{{ 'a' * 1000000000 }}", "{{ [1] * 1000000000 }}", "{{ 10 ** 10000000 }}",
    "{% for i in range(999) %}{% for j in range(999) %}x{% endfor %}{% endfor %}",
    "{% set n = namespace(x='aa') %}{% for i in range(99) %}{% set n.x = n.x + n.x %}{% endfor %}{{ n.x }}",
    "{% set n = namespace(x='aa') %}{% for i in range(99) %}{% set n.x = n.x ~ n.x %}{% endfor %}{{ n.x }}",
    "{% set n = namespace(x=[1]) %}{% for i in range(99) %}{% set n.x = n.x + n.x %}{% endfor %}{{ n.x }}",
    "{% set n = namespace(x=[1]) %}{% for i in range(20) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ n.x }}",
    "{% set n = namespace(x=7) %}{% for i in range(99) %}{% set n.x = n.x * n.x %}{% endfor %}{{ n.x }}",
    "{{ 'x' | center(1000000000) }}", "{{ 'x'.ljust(1000000000) }}", "{{ '%1000000000d' % 1 }}",
    "{{ '%*d' % (1000000000, 1) }}", "{{ '%1000000000d' | format(1) }}", "{{ '{:1000000000}'.format(1) }}",
    "{{ ('a' * 1000000).replace('a', 'b' * 1000000) }}", "{{ ('a' * 1000000) | replace('a', 'b' * 1000000) }}",
    "{{ 'a' | indent(1000000000) }}", "{{ [1] | batch(1000000000, 0) | list }}", "{{ [1] | slice(1000000000) }}",
    "{{ 5 | round(1000000000) }}", "{{ lipsum(100000000) }}", "{{ (5).to_bytes(10000000000, 'big') }}",
    "{{ (['a' * 9000000] * 1000) | join }}", "{{ ','.join(['a' * 9000000] * 1000) }}",
    "{% macro f(n) %}{{ f(n + 1) }}{% endmacro %}{{ f(0) }}",
    "{% macro f(n) %}{% if n < 40 %}{{ f(n + 1) }}{{ f(n + 1) }}{% endif %}{% endmacro %}{{ f(0) }}",
]  # fmt: skip


@pytest.mark.parametrize("text", [*ENDLESS, *LARGE])
def test_yaql_is_bounded(text: str) -> None:
    with pytest.raises(EvaluationError) as caught:
        evaluate_yaql(text)
    assert caught.value.kind == "limit"


@pytest.mark.parametrize("text", JINJA)
def test_jinja_is_bounded(text: str) -> None:
    for evaluate in (render, render_chain):
        with pytest.raises(EvaluationError) as caught:
            evaluate(text, Scope())
        assert caught.value.kind == "limit"


def test_texts_that_double_are_bounded() -> None:
    laughs = {f"n{i}": f"<% ctx(n{i + 1}) %><% ctx(n{i + 1}) %>" for i in range(40)}
    jokes = {f"j{i}": f"{{{{ ctx().j{i + 1} }}}}{{{{ ctx().j{i + 1} }}}}" for i in range(40)}
    for text in ("<% ctx(n0) %>", "{{ ctx().j0 }}"):
        with pytest.raises(EvaluationError) as caught:
            render(text, Scope({**laughs, **jokes, "n40": "ha", "j40": "ha"}))
        assert caught.value.kind == "limit"


def test_a_number_too_long_for_a_text_is_an_error() -> None:
    for text in ("<% pow(10, 9999) %>!", "{{ 10 ** 9999 }}!"):
        with pytest.raises(EvaluationError):
            render(text, Scope())


UNSAFE = [
    "{{ ''.__class__ }}", "{{ ctx.__globals__ }}", "{{ lipsum.__globals__ }}", "{{ ctx().__class__ }}",
    "{{ ''.__class__.__mro__ }}", "{{ '{0.__class__}'.format('') }}", "{{ ctx().l.__init__ }}",
    "{{ ctx().l | attr('__class__') }}", "{{ ctx().l | map(attribute='__class__') | list }}",
    "{{ self.__init__ }}", "{{ cycler.__init__.__globals__ }}", "{{ namespace.__init__ }}",
    "<% ctx(l).append %>", "<% ctx(s).upper() %>", "<% ctx(s).format() %>",
    "<% ctx(d).update({}) %>", "<% datetime(2024, 1, 1).strftime('%Y') %>", "<% datetime(2024, 1, 1).tzinfo %>",
    "<% regex(a).pattern %>", "<% ctx(s)['__class__'] %>", "<% call('__class__', [], {}, ctx(s)) %>",
]  # fmt: skip


@pytest.mark.parametrize("text", UNSAFE)
def test_objects_of_python_are_out_of_reach(text: str) -> None:
    with pytest.raises(EvaluationError):
        render(text, Scope({"l": [1], "s": "x", "d": {"a": 1}}))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ ctx().l.append(9) }}{{ ctx().l }}", "None[3, 1, 2]"),
        ("{% set _ = ctx().l.append(9) %}{{ ctx().l }}", "[3, 1, 2, 9]"),
        ("{% set _ = ctx('l').sort() %}{{ ctx('l') }}", "[1, 2, 3]"),
        ("{% set _ = ctx().d.update(b=2) %}{{ ctx().d }}", "{'a': [1], 'b': 2}"),
        ("{% set _ = ctx().d.a.pop() %}{{ ctx().d.a }}{{ ctx()['d']['a'] }}", "[][]"),
        ("{% set out = [] %}{% for i in ctx().l %}{% set _ = out.append(i) %}{% endfor %}{{ out }}", "[3, 1, 2]"),
        ("{% set _ = item().append(1) %}{{ item() }}", "[0, 1]"),
        ("{% set _ = result().update(x=1) %}{{ result().x }}", "1"),
        ("{% set _ = ctx().update(new=1) %}{{ ctx().new is defined }}", "False"),
        ("{{ ctx().l.pop() }}", 2),
    ],
)  # fmt: skip
def test_a_template_changes_copies_only(text: str, expected: object) -> None:
    variables = {"l": [3, 1, 2], "d": {"a": [1]}}
    scope = Scope(variables, task={"id": "t", "result": {}}, item=[0])
    before = copy.deepcopy(variables)
    for _ in range(2):
        assert render(text, scope) == expected
    assert (variables, scope.item, scope.task) == (before, [0], {"id": "t", "result": {}})


class _Shared(Mapping[str, Any]):
    """Variables as a conductor has them: no dict, and not to be gone through."""

    def __init__(self, whole: bool = False) -> None:
        self.known: dict[str, Any] = {"a": 1, "l": [1, 2], "d": {"k": "v"}, "__x": 1}
        self.whole = whole

    def __getitem__(self, name: str) -> Any:
        return self.known[name]

    def __iter__(self) -> Iterator[str]:
        if not self.whole:
            raise AssertionError("all variables are looked at")
        return iter(self.known)

    def __len__(self) -> int:
        return len(self.known)


ONE_VARIABLE = [
    ("<% ctx().a %>", 1), ("<% ctx(a) %>", 1), ("<% ctx('a') + 1 %>", 2), ("<% ctx()?.a %>", 1),
    ("<% ctx().get(a) %>", 1), ("<% ctx().get(zz, 5) %>", 5), ("<% ctx().get('__x') %>", None),
    ("<% ctx()[a] %>", 1), ("<% ctx().d.k + x %>", "vx"), ("<% ctx().l.sum() %>", 3), ("<% $__vars.a %>", 1),
    ("{{ ctx().a }}", 1), ("{{ ctx('a') }}", 1), ("{{ ctx()['a'] }}", 1), ("{{ ctx().a + 1 }}", 2),
    ("{{ ctx()['a'] | string }}", "1"), ("{{ ctx().get('a') }}", 1), ("{{ ctx().get('zz', 5) }}", 5),
    ("{{ ctx().get('__x') }}", None), ("{{ ctx().l | sum }}", 3), ("{{ ctx().zz is defined }}", False),
    ("{{ ctx().__x is defined }}", False), ("{{ 'a' in ctx() }}", True), ("{{ 'zz' not in ctx() }}", True),
    ("{{ '__x' in ctx() }}", False), ("{{ ctx()[ctx().d.k] | default(7) }}", 7),
    ("{% for i in ctx().l %}{{ i + ctx().a }}{% endfor %}", "23"), ("{{ ctx().zz | default(3) }}", 3),
    ("{% set _ = ctx().l.append(3) %}{{ ctx().l }}", "[1, 2, 3]"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), ONE_VARIABLE)
def test_variables_are_not_copied_to_look_at_one(text: str, expected: object) -> None:
    assert render(text, Scope(_Shared())) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("{{ a }}", "1"), ("{{ d.k }}{{ l | sum }}", "v3"), ("{{ zz is defined }}", "False")],
)
def test_an_action_chain_does_not_copy_either(text: str, expected: str) -> None:
    assert render_chain(text, Scope(_Shared())) == expected


def test_the_context_of_an_action_chain_is_a_dict() -> None:
    variables = _Shared(whole=True)
    assert render_chain("{{ __context }}", Scope(variables)) == str(variables.known)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<% ctx() %>", {"a": 1, "l": [1, 2], "d": {"k": "v"}}),
        ("<% ctx().keys().orderBy($) %>", ["a", "d", "l"]),
        ("{{ ctx() }}", {"a": 1, "l": [1, 2], "d": {"k": "v"}}),
        ("{{ ctx() | length }}", 3),
        ("{{ ctx().keys() | sort }}", ["a", "d", "l"]),
        ("{{ ctx()['items'] is callable }}", True),
    ],
)
def test_all_variables_are_a_dict(text: str, expected: object) -> None:
    assert render(text, Scope(_Shared(whole=True))) == expected


def test_deep_nesting_ends_in_an_error_and_not_in_a_crash() -> None:
    program = (
        "from st2lang.evaluation import *\n"
        "for text in ('range(50000).aggregate([$1], [])', 'range(30000).aggregate($1.select($), [1])',\n"
        "             '(' * 5000 + '1' + ')' * 5000, '[' * 5000 + ']' * 5000, '-' * 5000 + '1'):\n"
        "    try:\n"
        "        evaluate_yaql(text)\n"
        "    except EvaluationError as error:\n"
        "        print(error.kind)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert set(done.stdout.split()) <= {"limit", "syntax"}
    assert done.stdout.count("limit") >= 2
