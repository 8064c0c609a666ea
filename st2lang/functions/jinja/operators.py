"""Jinja's operators by what they take and give: Python's, on Python's values."""

from st2lang.functions.record import Example, Function, Kind, family


def _operator(name: str, forms: str, doc: str, *examples: Example) -> Function:
    written = tuple(line.strip() for line in forms.strip().splitlines())
    return Function(name, written, doc, examples, kind=Kind.OPERATOR)


FUNCTIONS = family(
    "Jinja operators",
    _operator(
        "+",
        """
        integer + integer -> integer
        number + number -> number
        string + string -> string
        list<T> + list<U> -> list<T|U>
        +integer -> integer
        +number -> number
        """,
        "Adds numbers, joins texts and lists. Text and number do not mix: use `~`.",
        Example("1 + 2", 3),
    ),
    _operator(
        "-",
        """
        integer - integer -> integer
        number - number -> number
        -integer -> integer
        -number -> number
        """,
        "Subtracts numbers, or changes a sign.",
        Example("1 - 2", -1),
    ),
    _operator(
        "*",
        """
        integer * integer -> integer
        number * number -> number
        string * integer -> string
        integer * string -> string
        list<T> * integer -> list<T>
        integer * list<T> -> list<T>
        """,
        "Multiplies numbers, repeats texts and lists.",
        Example("'-' * 3", "---"),
    ),
    _operator(
        "/", "number / number -> number", "Divides. The result is a float.", Example("7 / 2", 3.5)
    ),
    _operator(
        "//",
        """
        integer // integer -> integer
        number // number -> number
        """,
        "Divides and rounds down.",
        Example("7 // 2", 3),
    ),
    _operator(
        "%",
        """
        integer % integer -> integer
        number % number -> number
        string % any -> string
        """,
        "The remainder of a division; behind a text, Python's formatting.",
        Example("7 % 4", 3),
        Example("'%s!' % 'hi'", "hi!"),
    ),
    _operator("**", "number ** number -> number", "To the power of.", Example("2 ** 10", 1024)),
    _operator(
        "~", "any ~ any -> string", "Both as text, joined.", Example("'port ' ~ 80", "port 80")
    ),
    _operator("==", "any == any -> boolean", "Whether both are equal.", Example("1 == 1.0", True)),
    _operator("!=", "any != any -> boolean", "Whether they differ.", Example("1 != 2", True)),
    _operator("<", "any < any -> boolean", "Whether the left is less.", Example("1 < 2", True)),
    _operator(
        "<=", "any <= any -> boolean", "Whether the left is less or equal.", Example("2 <= 2", True)
    ),
    _operator(">", "any > any -> boolean", "Whether the left is greater.", Example("1 > 2", False)),
    _operator(
        ">=",
        "any >= any -> boolean",
        "Whether the left is greater or equal.",
        Example("2 >= 2", True),
    ),
    _operator(
        "in",
        "any in any -> boolean",
        "Whether it is an element of a list, a key of a dict or a part of a text.",
        Example("'a' in {'a': 1}", True),
    ),
    _operator(
        "not in",
        "any not in any -> boolean",
        "The contrary of `in`.",
        Example("3 not in [1]", True),
    ),
    _operator(
        "and",
        "T and U -> T|U",
        "The left value when it counts as false, else the right one.",
        Example("1 and 0", 0),
    ),
    _operator(
        "or",
        "T or U -> T|U",
        "The left value when it counts as true, else the right one.",
        Example("'' or 'none'", "none"),
    ),
    _operator(
        "not",
        "not any -> boolean",
        "True for null, false, zero and what is empty.",
        Example("not []", True),
    ),
)
