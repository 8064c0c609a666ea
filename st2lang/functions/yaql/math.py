"""Numbers. Specified by the module `yaql.standard_library.math`."""

from st2lang.functions.record import Example, Function, family

FUNCTIONS = family(
    "Numbers",
    Function(
        "abs",
        ("abs(op: integer) -> integer", "abs(op: number) -> number"),
        "The number without its sign.",
        (Example("abs(-2)", 2),),
    ),
    Function(
        "bitwiseAnd",
        ("bitwiseAnd(left: integer, right: integer) -> integer",),
        "The bits set in both.",
        (Example("bitwiseAnd(6, 3)", 2),),
    ),
    Function(
        "bitwiseNot",
        ("bitwiseNot(arg: integer) -> integer",),
        "All bits turned over.",
        (Example("bitwiseNot(0)", -1),),
    ),
    Function(
        "bitwiseOr",
        ("bitwiseOr(left: integer, right: integer) -> integer",),
        "The bits set in one or both.",
        (Example("bitwiseOr(6, 3)", 7),),
    ),
    Function(
        "bitwiseXor",
        ("bitwiseXor(left: integer, right: integer) -> integer",),
        "The bits set in exactly one.",
        (Example("bitwiseXor(6, 3)", 5),),
    ),
    Function(
        "float",
        ("float(value: any) -> number",),
        "The number that a text stands for, or a whole number as a float; 0.0 for null.",
        (Example("float('2.5')", 2.5),),
    ),
    Function(
        "int",
        ("int(value: any) -> integer",),
        "The whole number that a text stands for, or a number without its fraction; 0 for null.",
        (Example("int('42')", 42), Example("int(2.9)", 2), Example("int(null)", 0)),
    ),
    Function(
        "isInteger",
        ("isInteger(value: any) -> boolean",),
        "Whether the value is a whole number. Booleans are none.",
        (Example("isInteger(2)", True), Example("isInteger(2.0)", False)),
    ),
    Function(
        "isNumber",
        ("isNumber(value: any) -> boolean",),
        "Whether the value is a number. Booleans are none.",
        (Example("isNumber(2.5)", True), Example("isNumber('2')", False)),
    ),
    Function(
        "pow",
        ("pow(a: number, b: number, c: number|null = null) -> number",),
        "`a` to the power of `b`, modulo `c` if that is given.",
        (Example("pow(2, 10)", 1024), Example("pow(2, 10, 100)", 24)),
    ),
    Function(
        "random",
        ("random() -> number", "random(from: any, to: any) -> integer"),
        "A random number from 0 up to 1, or a random whole number between two, both included.",
        (Example("random(3, 3)", 3),),
    ),
    Function(
        "round",
        ("round(number: number, ndigits: integer = 0) -> number",),
        "The number rounded to so many decimal places.",
        (Example("round(2.345, 1)", 2.3), Example("round(2.6)", 3)),
    ),
    Function(
        "shiftBitsLeft",
        ("shiftBitsLeft(value: integer, bitsNumber: integer) -> integer",),
        "The bits moved to the left: each place doubles the number.",
        (Example("shiftBitsLeft(3, 2)", 12),),
    ),
    Function(
        "shiftBitsRight",
        ("shiftBitsRight(value: integer, bitsNumber: integer) -> integer",),
        "The bits moved to the right: each place halves the number.",
        (Example("shiftBitsRight(12, 2)", 3),),
    ),
    Function(
        "sign",
        ("sign(num: number) -> integer",),
        "1, -1 or 0 as the number is positive, negative or zero.",
        (Example("sign(-7)", -1),),
    ),
)
