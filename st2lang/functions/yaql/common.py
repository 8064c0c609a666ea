"""Functions that go for values of many types: `len`, `replace`, `insert` and the like.

Their overloads come from several modules of `yaql.standard_library`.
"""

from st2lang.functions.record import Example, Function, family

FUNCTIONS = family(
    "Values of any type",
    Function(
        "concat",
        (
            "concat(*args: string) -> string",
            "concat(this *collections: iterable<T>) -> list<T>",
        ),
        "Joins strings into one string, or lists into one list.",
        (
            Example("concat('st2', '-', 'api')", "st2-api"),
            Example("$.concat([3])", [1, 2, 3], [1, 2]),
        ),
    ),
    Function(
        "delete",
        (
            "(dict: dict<T>).delete(*keys: any) -> dict<T>",
            "(collection: iterable<T>).delete(position: integer, count: integer = 1) -> list<T>",
        ),
        "A dict without the given keys, or a list without `count` elements from a position; a "
        "negative count deletes all that follows.",
        (
            Example("$.delete(a)", {"b": 2}, {"a": 1, "b": 2}),
            Example("[1, 2, 3, 4].delete(1, 2)", [1, 4]),
        ),
    ),
    Function(
        "format",
        ("(dt: datetime).format(format: string) -> string",),
        "Writes a datetime by a `strftime` pattern. YAQL formats no strings: use `+` or `concat`.",
        (Example("datetime(2024, 2, 29).format('%d.%m.%Y')", "29.02.2024"),),
    ),
    Function(
        "indexOf",
        (
            "(string: string).indexOf(sub: string, start: integer = 0) -> integer",
            "(string: string).indexOf(sub: string, start: integer, length: integer) -> integer",
            "(collection: iterable).indexOf(item: any) -> integer",
        ),
        "Where a text or an element first occurs, counted from 0; -1 when it does not.",
        (Example("'cabac'.indexOf(a)", 1), Example("[1, 2, 3].indexOf(9)", -1)),
    ),
    Function(
        "insert",
        (
            "(collection: iterable<T>).insert(position: integer, value: U) -> list<T|U>",
            "(collection: list<T>).insert(position: integer, value: U) -> list<T|U>",
        ),
        "A list with one more element before a position. Negative positions count from the end.",
        (Example("[1, 3].insert(1, 2)", [1, 2, 3]),),
    ),
    Function(
        "isEmpty",
        (
            "isEmpty(this string: string|null, trim: boolean = true, chars: string|null = null) -> boolean",
        ),
        "Whether a string is null or has nothing but whitespace (or `chars`). Not for lists: use "
        "`$.len() = 0`.",
        (Example("isEmpty('  ')", True), Example("$.isEmpty()", True, None)),
    ),
    Function(
        "join",
        (
            "(sequence: iterable).join(separator: string) -> string",
            "(separator: string).join(sequence: iterable) -> string",
            "(collection1: iterable).join(collection2: iterable, predicate: lambda, selector: lambda<U>) -> list<U>",
        ),
        "Joins the elements of a list into a string, each turned into text first. With two lists: "
        "`selector` of every pair (`$1`, `$2`) for which `predicate` holds.",
        (
            Example("[1, 2, 3].join('-')", "1-2-3"),
            Example("[1, 2].join([2, 3], $1 < $2, [$1, $2])", [[1, 2], [1, 3], [2, 3]]),
        ),
    ),
    Function(
        "lastIndexOf",
        (
            "(string: string).lastIndexOf(sub: string, start: integer = 0) -> integer",
            "(string: string).lastIndexOf(sub: string, start: integer, length: integer) -> integer",
            "(collection: iterable).lastIndexOf(item: any) -> integer",
        ),
        "Where a text or an element last occurs, counted from 0; -1 when it does not.",
        (Example("'cabac'.lastIndexOf(a)", 3), Example("[1, 2, 1].lastIndexOf(1)", 2)),
    ),
    Function(
        "len",
        (
            "len(this string: string) -> integer",
            "len(this sequence: list) -> integer",
            "len(this dict: dict) -> integer",
            "len(this set: set) -> integer",
            "len(this collection: iterable) -> integer",
        ),
        "The number of characters, elements or keys.",
        (Example("len($)", 3, [1, 2, 3]), Example("'abc'.len()", 3)),
    ),
    Function(
        "max",
        (
            "max(a: T, b: U) -> T|U",
            "(collection: iterable<T>).max(initial?: U) -> T|U",
        ),
        "The greater of two values, or the greatest element of a list. An empty list needs `initial`.",
        (Example("max(2, 3)", 3), Example("[4, 7, 1].max()", 7), Example("[].max(0)", 0)),
    ),
    Function(
        "min",
        (
            "min(a: T, b: U) -> T|U",
            "(collection: iterable<T>).min(initial?: U) -> T|U",
        ),
        "The lesser of two values, or the least element of a list. An empty list needs `initial`.",
        (Example("min(2, 3)", 2), Example("[4, 7, 1].min()", 1)),
    ),
    Function(
        "replace",
        (
            "(string: string).replace(old: string, new: string, count: integer = -1) -> string",
            "(string: string).replace(replacements: dict, count: integer = -1) -> string",
            "(string: string).replace(regexp: regex, repl: string, count: integer = 0) -> string",
            "(regexp: regex).replace(string: string, repl: string, count: integer = 0) -> string",
            "(collection: iterable<T>).replace(position: integer, value: U, count: integer = 1) -> list<T|U>",
            "(dt: datetime).replace(year: integer|null = null, month: integer|null = null, "
            "day: integer|null = null, hour: integer|null = null, minute: integer|null = null, "
            "second: integer|null = null, microsecond: integer|null = null, "
            "offset: timespan|null = null) -> datetime",
        ),
        "A string with a text (or a match of a regex) replaced, at most `count` times; a list with "
        "`count` elements from a position replaced by one value; a datetime with some parts changed.",
        (
            Example("'a-b-c'.replace('-', '+', 1)", "a+b-c"),
            Example("'ab'.replace({a => x, b => y})", "xy"),
            Example("'tel 12'.replace(regex('[0-9]'), '#')", "tel ##"),
            Example("[1, 2, 3].replace(1, 9)", [1, 9, 3]),
            Example("datetime(2024, 5, 6).replace(year => 2025).year", 2025),
        ),
    ),
    Function(
        "set",
        (
            "set(*args: T) -> set<T>",
            "(dict: dict).set(key: any, value: any) -> dict",
            "(dict: dict).set(replacements: dict) -> dict",
            "(dict: dict).set(*args: mapping) -> dict",
        ),
        "As a function, a set of the arguments. As a method of a dict, that dict with keys added or "
        "changed: by key and value, by another dict, or by `key => value` pairs.",
        (
            Example("set(1, 2, 2).len()", 2),
            Example("$.set(b, 2)", {"a": 1, "b": 2}, {"a": 1}),
            Example("$.set(a => 3)", {"a": 3}, {"a": 1}),
        ),
    ),
    Function(
        "split",
        (
            "(string: string).split(separator: string|null = null, maxSplits: integer = -1) -> list<string>",
            "(string: string).split(regexp: regex, maxSplit: integer = 0) -> list<string>",
            "(regexp: regex).split(string: string, maxSplit: integer = 0) -> list<string>",
        ),
        "The parts of a string between separators (any whitespace when there is none) or between "
        "matches of a regex.",
        (
            Example("'a, b'.split(', ')", ["a", "b"]),
            Example("'a1b22c'.split(regex('[0-9]+'))", ["a", "b", "c"]),
        ),
    ),
)
