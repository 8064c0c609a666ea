"""Jinja2's filters for numbers and values of any type. Specified by `jinja2.filters`."""

from st2lang.functions.record import Example, Function, Kind, family


def _filter(name: str, form: str, doc: str, *examples: Example) -> Function:
    return Function(name, (form,), doc, examples, kind=Kind.FILTER)


FUNCTIONS = family(
    "Filters: values",
    _filter(
        "abs", "(x: number)|abs() -> number", "The number without its sign.", Example("-3 | abs", 3)
    ),
    _filter(
        "attr",
        "(obj: any)|attr(name: string) -> any",
        "An attribute of an object. Unlike `x.name` it does not look for a key of a dict.",
        Example("x | attr('real')", 5, {"x": 5}),
    ),
    _filter(
        "count",
        "(obj: list|dict|string)|count() -> integer",
        "The number of elements, keys or characters. Another name of `length`.",
        Example("[1, 2] | count", 2),
    ),
    _filter(
        "d",
        "(value: T)|d(default_value: U = '', boolean: boolean = false) -> T|U",
        "A value instead of one that is not defined. Short for `default`.",
        Example("missing | d(5)", 5),
    ),
    _filter(
        "default",
        "(value: T)|default(default_value: U = '', boolean: boolean = false) -> T|U",
        "A value instead of one that is not defined; with `true` as second argument also instead of "
        "one that is null, false or empty.",
        Example("missing | default('none')", "none"),
        Example("x | default('none', true)", "none", {"x": None}),
    ),
    _filter(
        "dictsort",
        "(value: dict)|dictsort(case_sensitive: boolean = false, by: string = 'key', "
        "reverse: boolean = false) -> list<list>",
        "The pairs of key and value of a dict, sorted by key or, with `by='value'`, by value.",
        Example("{'b': 1, 'a': 2} | dictsort", [("a", 2), ("b", 1)]),
    ),
    _filter(
        "filesizeformat",
        "(value: number|string)|filesizeformat(binary: boolean = false) -> string",
        "A number of bytes as people write it; `binary` counts in steps of 1024.",
        Example("13000 | filesizeformat", "13.0 kB"),
    ),
    _filter(
        "float",
        "(value: any)|float(default: number = 0.0) -> number",
        "The value as a number; the default when it is none.",
        Example("'2.5' | float", 2.5),
    ),
    _filter(
        "int",
        "(value: any)|int(default: integer = 0, base: integer = 10) -> integer",
        "The value as a whole number; the default when it is none.",
        Example("'42' | int", 42),
        Example("'ff' | int(0, 16)", 255),
    ),
    _filter(
        "items",
        "(value: dict)|items() -> list<list>",
        "The pairs of key and value of a dict; none when it is not defined.",
        Example("{'a': 1} | items | list", [("a", 1)]),
    ),
    _filter(
        "length",
        "(obj: list|dict|string)|length() -> integer",
        "The number of elements, keys or characters.",
        Example("'abc' | length", 3),
    ),
    _filter(
        "pprint",
        "(value: any)|pprint() -> string",
        "The value as Python would write it, over several lines when it is long.",
        Example("['a', 1] | pprint", "['a', 1]"),
    ),
    _filter(
        "random",
        "(seq: list<T>|string)|random() -> T",
        "Any one of the elements.",
        Example("[7] | random", 7),
    ),
    _filter(
        "round",
        "(value: number)|round(precision: integer = 0, method: string = 'common') -> number",
        "The number rounded to so many decimal places; `method` may be `common`, `ceil` or `floor`. "
        "The result is a float: put `| int` behind it for a whole number.",
        Example("2.345 | round(1)", 2.3),
        Example("2.1 | round(0, 'ceil') | int", 3),
    ),
    _filter(
        "tojson",
        "(value: any)|tojson(indent: integer|null = null) -> string",
        "The value as JSON text that is safe inside HTML: `<`, `>`, `&` and `'` are escaped. "
        "StackStorm's `to_json_string` writes plain JSON.",
        Example("[1, 'a'] | tojson", '[1, "a"]'),
    ),
)
