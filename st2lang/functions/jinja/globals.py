"""Jinja2's functions. Specified by `jinja2.defaults.DEFAULT_NAMESPACE`."""

from st2lang.functions.record import Example, Function, family

FUNCTIONS = family(
    "Jinja functions",
    Function(
        "cycler",
        ("cycler(*items: any) -> any",),
        "An object whose `next()` gives the items one after the other, again and again.",
        (Example("cycler('odd', 'even').next()", "odd"),),
    ),
    Function(
        "dict",
        ("dict(**kwargs: any) -> dict", "dict(items: any, **kwargs: any) -> dict"),
        "A dict of the named arguments, added to another dict or a list of pairs if one is given.",
        (Example("dict(a=1)", {"a": 1}), Example("dict({'a': 1}, b=2)", {"a": 1, "b": 2})),
    ),
    Function(
        "joiner",
        ("joiner(sep: string = ', ') -> any",),
        "An object that gives nothing when called first and the separator ever after.",
        (Example("joiner()()", ""),),
    ),
    Function(
        "lipsum",
        (
            "lipsum(n: integer = 5, html: boolean = true, min: integer = 20, max: integer = 100) "
            "-> string",
        ),
        "Meaningless text for trying things out: `n` paragraphs of `min` to `max` words.",
        (Example("lipsum(1, false) is string", True),),
    ),
    Function(
        "namespace",
        ("namespace(*args: any, **kwargs: any) -> any",),
        "An object whose attributes `{% set ns.name = … %}` can change inside a loop.",
        (Example("namespace(found=false).found", False),),
    ),
    Function(
        "range",
        (
            "range(stop: integer) -> list<integer>",
            "range(start: integer, stop: integer, step: integer = 1) -> list<integer>",
        ),
        "Whole numbers from `start` (or 0) up to, but not including, `stop`.",
        (Example("range(1, 4) | list", [1, 2, 3]),),
    ),
)
