"""Booleans. Specified by the module `yaql.standard_library.boolean`."""

from st2lang.functions.record import Example, Function, family

FUNCTIONS = family(
    "Booleans",
    Function(
        "bool",
        ("bool(value: any) -> boolean",),
        "True unless the value is null, false, zero or empty.",
        (Example("bool([])", False), Example("bool('no')", True)),
    ),
    Function(
        "isBoolean",
        ("isBoolean(value: any) -> boolean",),
        "Whether the value is `true` or `false`.",
        (Example("isBoolean(false)", True), Example("isBoolean(0)", False)),
    ),
)
