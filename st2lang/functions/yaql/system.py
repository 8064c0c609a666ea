"""Naming values and calling functions. Specified by the module `yaql.standard_library.system`."""

from st2lang.functions.record import Example, Function, family

FUNCTIONS = family(
    "Names and calls",
    Function(
        "assert",
        ("(obj: T).assert(condition: lambda, message: string = 'Assertion failed') -> T",),
        "The value itself when the condition holds for it; otherwise the expression fails with the "
        "message.",
        (Example("$.assert($ > 0, 'must be positive')", 5, 5),),
    ),
    Function(
        "call",
        ("call(name: string, args: list, kwargs: dict, receiver?: any) -> any",),
        "Calls a function by its name, with a list of arguments and a dict of named ones.",
        (Example("call(str, [5], {})", "5"),),
    ),
    Function(
        "def",
        ("def(name: string, func: lambda) -> any",),
        "Defines a function for the expression after `->`; `$` or `$1`, `$2` … are its arguments.",
        (Example("def(double, $ * 2) -> double(21)", 42),),
    ),
    Function(
        "let",
        ("let(*args: any, **kwargs: any) -> any",),
        "Gives names to values for the expression after `->`: `$name` for named ones, `$1`, `$2` … "
        "for the others.",
        (Example("let(a => 2, b => 3) -> $a * $b", 6),),
    ),
    Function(
        "unpack",
        ("(sequence: iterable).unpack(*args: string) -> any",),
        "Gives names to the elements of a list for the expression after `->`; their numbers must "
        "agree. Without names the elements are `$1`, `$2` ….",
        (Example("[2, 3].unpack(a, b) -> $a + $b", 5),),
    ),
    Function(
        "with",
        ("with(*args: any) -> any",),
        "Gives `$`, `$1`, `$2` … new values for the expression after `->`.",
        (Example("with(2, 3) -> $1 * $2", 6),),
    ),
)
