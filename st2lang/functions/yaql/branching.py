"""Choosing between values. Specified by the module `yaql.standard_library.branching`."""

from st2lang.functions.record import Example, Function, family

FUNCTIONS = family(
    "Branching",
    Function(
        "coalesce",
        ("coalesce(*args: lambda<T>) -> T|null",),
        "The first argument that is not null, or null. Later arguments are not evaluated.",
        (Example("coalesce($.a, $.b, 0)", 7, {"a": None, "b": 7}),),
    ),
    Function(
        "examine",
        ("examine(*args: lambda) -> list<boolean>",),
        "Evaluates each condition and gives whether it holds, in order.",
        (Example("examine($ > 1, $ > 5)", [True, False], 3),),
    ),
    Function(
        "selectAllCases",
        ("selectAllCases(*args: lambda) -> list<integer>",),
        "The positions, counted from 0, of all conditions that hold.",
        (Example("selectAllCases($ < 0, $ > 1, $ > 2)", [1, 2], 3),),
    ),
    Function(
        "selectCase",
        ("selectCase(*args: lambda) -> integer",),
        "The position, counted from 0, of the first condition that holds; the number of conditions "
        "when none does. Made for `.switchCase()`.",
        (Example("selectCase($ < 0, $ > 1).switchCase('negative', 'big', 'small')", "big", 3),),
    ),
    Function(
        "switch",
        ("switch(*args: mapping) -> any",),
        "The value behind the first condition that holds, or null: `switch(condition => value, …)`. "
        "End with `true => value` for a default.",
        (
            Example(
                "switch($.code = 0 => 'good', $.code < 3 => 'poor', true => 'bad')",
                "poor",
                {"code": 2},
            ),
        ),
    ),
    Function(
        "switchCase",
        ("(case: integer).switchCase(*args: lambda<T>) -> T|null",),
        "The argument at a position counted from 0; the last one for a position beyond the end, "
        "null when there are none. Only that argument is evaluated.",
        (Example("1.switchCase('a', 'b', 'c')", "b"), Example("9.switchCase('a', 'b')", "b")),
    ),
)
