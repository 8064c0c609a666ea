"""YAQL's operators by what they take and give.

One record an operator; the forms are what the reference registers as `#operator_+` and the like,
with whole numbers told apart from others because inference wants to know.
"""

from st2lang.functions.record import Example, Function, Kind, family


def _operator(name: str, forms: str, doc: str, *examples: Example) -> Function:
    written = tuple(line.strip() for line in forms.strip().splitlines())
    return Function(name, written, doc, examples, kind=Kind.OPERATOR)


def _comparison(name: str, doc: str, *examples: Example) -> Function:
    forms = f"""
        number {name} number -> boolean
        string {name} string -> boolean
        datetime {name} datetime -> boolean
        timespan {name} timespan -> boolean
        set {name} set -> boolean
        null {name} any -> boolean
        any {name} null -> boolean
    """
    return _operator(name, forms, doc, *examples)


FUNCTIONS = family(
    "Operators",
    _operator(
        "+",
        """
        integer + integer -> integer
        number + number -> number
        string + string -> string
        list<T> + list<U> -> list<T|U>
        dict<T> + dict<U> -> dict<T|U>
        datetime + timespan -> datetime
        timespan + datetime -> datetime
        timespan + timespan -> timespan
        +integer -> integer
        +number -> number
        +timespan -> timespan
        """,
        "Adds numbers and times, joins texts, lists and dicts. Text and number do not mix: write "
        "`'port ' + str($)`.",
        Example("1 + 2.5", 3.5),
        Example("web + '01'", "web01"),
        Example("{a => 1} + {b => 2}", {"a": 1, "b": 2}),
    ),
    _operator(
        "-",
        """
        integer - integer -> integer
        number - number -> number
        set<T> - set -> set<T>
        datetime - timespan -> datetime
        datetime - datetime -> timespan
        timespan - timespan -> timespan
        -integer -> integer
        -number -> number
        -timespan -> timespan
        """,
        "Subtracts numbers, times and sets, or changes a sign.",
        Example("5 - 7", -2),
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
        timespan * number -> timespan
        number * timespan -> timespan
        """,
        "Multiplies numbers and spans of time, repeats texts and lists.",
        Example("'-' * 3", "---"),
    ),
    _operator(
        "/",
        """
        integer / integer -> integer
        number / number -> number
        timespan / number -> timespan
        timespan / timespan -> number
        """,
        "Divides. Between whole numbers the result is a whole number, rounded down.",
        Example("7 / 2", 3),
        Example("7 / 2.0", 3.5),
    ),
    _operator(
        "mod",
        """
        integer mod integer -> integer
        number mod number -> number
        """,
        "The remainder of a division.",
        Example("7 mod 4", 3),
    ),
    _operator(
        "=",
        "any = any -> boolean",
        "Whether two values are equal. Values of different types are not.",
        Example("1 = 1.0", True),
        Example("1 = '1'", False),
    ),
    _operator(
        "!=",
        "any != any -> boolean",
        "Whether two values differ.",
        Example("1 != 2", True),
    ),
    _comparison(
        "<",
        "Whether the left value is less. Null is less than anything.",
        Example("null < 0", True),
    ),
    _comparison(
        "<=",
        "Whether the left value is less or equal; for sets, a subset.",
        Example("2 <= 2", True),
    ),
    _comparison(
        ">",
        "Whether the left value is greater. Text compares by characters.",
        Example("'b' > 'a'", True),
    ),
    _comparison(">=", "Whether the left value is greater or equal.", Example("1 >= 2", False)),
    _operator(
        "=~",
        """
        string =~ string -> boolean
        string =~ regex -> boolean
        """,
        "Whether a pattern matches somewhere in the text.",
        Example("'web01' =~ '[0-9]+'", True),
    ),
    _operator(
        "!~",
        """
        string !~ string -> boolean
        string !~ regex -> boolean
        """,
        "Whether a pattern matches nowhere in the text.",
        Example("'web' !~ '[0-9]'", True),
    ),
    _operator(
        "in",
        """
        string in string -> boolean
        any in list -> boolean
        """,
        "Whether a text is part of another, or a value an element of a list. For keys of a dict: "
        "`$.containsKey(key)` or `key in $.keys()`.",
        Example("2 in [1, 2]", True),
        Example("eb in web", True),
    ),
    _operator(
        "and",
        "T and U -> T|U",
        "The left value when it counts as false, else the right one, which is evaluated only then.",
        Example("true and 0", 0),
    ),
    _operator(
        "or",
        "T or U -> T|U",
        "The left value when it counts as true, else the right one, which is evaluated only then.",
        Example("'' or 'none'", "none"),
    ),
    _operator(
        "not",
        "not any -> boolean",
        "True for null, false, zero and what is empty.",
        Example("not []", True),
    ),
    _operator(
        ".",
        """
        dict.keyword -> any
        list.keyword -> list
        any.any -> any
        """,
        "A key of a dict, that key of every dict in a list, or a call of a method. A key that is "
        "not there is an error.",
        Example("$.name", "web1", {"name": "web1"}),
        Example("$.name", ["a", "b"], [{"name": "a"}, {"name": "b"}]),
    ),
    _operator(
        "?.",
        "any?.any -> any",
        "Like `.`, but null when what stands before it is null.",
        Example("$.host?.name", None, {"host": None}),
    ),
    _operator(
        "[]",
        """
        list<T>[integer] -> T
        list<T>[lambda] -> list<T>
        dict<T>[any] -> T
        dict<T>[any, U] -> T|U
        """,
        "An element by its position from 0 (from the end when negative), the elements for which a "
        "condition holds, or the value of a key, with a default if one is given.",
        Example("$[-1]", 3, [1, 2, 3]),
        Example("$[port, 22]", 22, {"host": "web1"}),
    ),
    _operator(
        "->",
        "any -> any -> any",
        "Evaluates the right side with the names that the left side (`let`, `with`, `def`, "
        "`unpack`) has defined.",
        Example("let(x => 2) -> $x * $x", 4),
    ),
)
