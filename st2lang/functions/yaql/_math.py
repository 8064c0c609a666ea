"""What the functions in `math` do."""

from typing import Any

from st2lang.functions._outside import outside
from st2lang.functions.overload import Family, Int, Number, OptionalNumber, Value
from st2lang.functions.values import Env

family = Family()
function = family.function


@function("abs")
def absolute(op: Number) -> Any:
    return abs(op)


@function("int")
def integer(value: Value) -> int:
    return 0 if value is None else int(value)


@function("float")
def floating(value: Value) -> float:
    return 0.0 if value is None else float(value)


@function("random")
def random(env: Env) -> float:
    return outside(env[None]).chance()


@function("random")
def random_between(env: Env, from_: Value, to_: Value) -> int:
    return outside(env[None]).between(from_, to_)


@function("bitwiseAnd")
def bitwise_and(left: Int, right: Int) -> int:
    return left & right


@function("bitwiseOr")
def bitwise_or(left: Int, right: Int) -> int:
    return left | right


@function("bitwiseXor")
def bitwise_xor(left: Int, right: Int) -> int:
    return left ^ right


@function("bitwiseNot")
def bitwise_not(arg: Int) -> int:
    return -int(arg) - 1


@function("shiftBitsRight")
def shift_bits_right(value: Int, bits_number: Int) -> int:
    return value >> bits_number


@function("shiftBitsLeft")
def shift_bits_left(env: Env, value: Int, bits_number: Int) -> int:
    env[None].compute(value.bit_length() + bits_number if value else 0)
    return value << bits_number


@function("pow")
def power(env: Env, a: Number, b: Number, c: OptionalNumber = None) -> Any:
    if isinstance(a, int) and isinstance(b, int):
        if isinstance(c, int):  # As many multiplications as the exponent has bits.
            env[None].step(b.bit_length() * c.bit_length() >> 5)
        elif b > 0 and abs(a) > 1:
            env[None].compute(a.bit_length() * b)
    return pow(a, b, c)


@function("sign")
def sign(num: Number) -> Any:
    return (num > 0) - (num < 0)


@function("round")
def rounded(number: Number, ndigits: Int = 0) -> Any:
    if isinstance(number, int) and -ndigits > number.bit_length():
        return 0  # Python would compute the power of ten first, however large.
    return round(number, ndigits)


@function("isInteger")
def is_integer(value: Value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


@function("isNumber")
def is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
