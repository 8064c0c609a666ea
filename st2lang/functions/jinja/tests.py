"""Jinja2's tests, what stands behind `is`. Specified by `jinja2.tests`."""

from st2lang.functions.record import Example, Function, Kind, family


def _test(name: str, form: str, doc: str, *examples: Example) -> Function:
    return Function(name, (f"{form} -> boolean",), doc, examples, kind=Kind.TEST)


def _comparison(names: str, doc: str, example: str, result: bool) -> tuple[Function, ...]:
    """One test under several names; those that are signs are for `select` and its like."""
    return tuple(
        _test(name, f"(a: any) is {name}(b: any)", doc, Example(example.format(name), result))
        for name in names.split()
    )


_VALUES = family(
    "Tests: values",
    _test(
        "boolean",
        "(value: any) is boolean()",
        "Whether it is true or false.",
        Example("true is boolean", True),
    ),
    _test(
        "callable",
        "(obj: any) is callable()",
        "Whether it can be called.",
        Example("range is callable", True),
    ),
    _test(
        "defined",
        "(value: any) is defined()",
        "Whether there is such a variable, key or attribute. A dict's key: `ctx().name is defined`.",
        Example("missing is defined", False),
    ),
    _test(
        "divisibleby",
        "(value: number) is divisibleby(num: number)",
        "Whether a division leaves no remainder.",
        Example("9 is divisibleby 3", True),
    ),
    _test(
        "escaped",
        "(value: any) is escaped()",
        "Whether the text is marked as safe HTML.",
        Example("'a' is escaped", False),
    ),
    _test(
        "even",
        "(value: number) is even()",
        "Whether the number is even.",
        Example("2 is even", True),
    ),
    _test(
        "false",
        "(value: any) is false()",
        "Whether it is false itself, not just empty or zero.",
        Example("0 is false", False),
    ),
    _test(
        "filter",
        "(value: string) is filter()",
        "Whether a filter of that name exists.",
        Example("'upper' is filter", True),
    ),
    _test(
        "float",
        "(value: any) is float()",
        "Whether it is a number with a fraction part.",
        Example("2.0 is float", True),
    ),
    _test(
        "in",
        "(value: any) is in(seq: list|dict|string)",
        "Whether it is an element of a list, a key of a dict or a part of a text.",
        Example("2 is in([1, 2])", True),
    ),
    _test(
        "integer",
        "(value: any) is integer()",
        "Whether it is a whole number. Booleans are none.",
        Example("2 is integer", True),
    ),
    _test(
        "iterable",
        "(value: any) is iterable()",
        "Whether it can be gone through; texts can.",
        Example("'ab' is iterable", True),
    ),
    _test(
        "lower",
        "(value: any) is lower()",
        "Whether all letters are small.",
        Example("'web' is lower", True),
    ),
    _test(
        "mapping",
        "(value: any) is mapping()",
        "Whether it is a dict.",
        Example("{} is mapping", True),
    ),
    _test("none", "(value: any) is none()", "Whether it is null.", Example("none is none", True)),
    _test(
        "number",
        "(value: any) is number()",
        "Whether it is a number. Booleans count as such.",
        Example("2.5 is number", True),
    ),
    _test(
        "odd", "(value: number) is odd()", "Whether the number is odd.", Example("2 is odd", False)
    ),
    _test(
        "sameas",
        "(value: any) is sameas(other: any)",
        "Whether both are the very same object: `x is sameas false`.",
        Example("0 is sameas false", False),
    ),
    _test(
        "sequence",
        "(value: any) is sequence()",
        "Whether it has a length and elements: lists, texts, dicts.",
        Example("[1] is sequence", True),
    ),
    _test(
        "string", "(value: any) is string()", "Whether it is text.", Example("'5' is string", True)
    ),
    _test(
        "test",
        "(value: string) is test()",
        "Whether a test of that name exists.",
        Example("'even' is test", True),
    ),
    _test(
        "true",
        "(value: any) is true()",
        "Whether it is true itself, not just something.",
        Example("1 is true", False),
    ),
    _test(
        "undefined",
        "(value: any) is undefined()",
        "The contrary of `defined`.",
        Example("missing is undefined", True),
    ),
    _test(
        "upper",
        "(value: any) is upper()",
        "Whether all letters are capitals.",
        Example("'WEB' is upper", True),
    ),
)

_COMPARISONS = family(
    "Tests: comparisons",
    *_comparison("eq equalto", "Whether both are equal.", "2 is {}(2)", True),
    *_comparison("==", "Whether both are equal.", "[1, 2] | select('{}', 2) | list == [2]", True),
    *_comparison("ne", "Whether they differ.", "2 is {}(2)", False),
    *_comparison("!=", "Whether they differ.", "[1, 2] | select('{}', 2) | list == [1]", True),
    *_comparison("gt greaterthan", "Whether the first is greater.", "2 is {}(1)", True),
    *_comparison(
        ">", "Whether the first is greater.", "[1, 2] | select('{}', 1) | list == [2]", True
    ),
    *_comparison("ge", "Whether the first is greater or equal.", "2 is {}(2)", True),
    *_comparison(
        ">=",
        "Whether the first is greater or equal.",
        "[1, 2] | select('{}', 2) | list == [2]",
        True,
    ),
    *_comparison("lt lessthan", "Whether the first is less.", "2 is {}(1)", False),
    *_comparison("<", "Whether the first is less.", "[1, 2] | select('{}', 2) | list == [1]", True),
    *_comparison("le", "Whether the first is less or equal.", "2 is {}(2)", True),
    *_comparison(
        "<=", "Whether the first is less or equal.", "[1, 2] | select('{}', 1) | list == [1]", True
    ),
)

FUNCTIONS = (*_VALUES, *_COMPARISONS)
