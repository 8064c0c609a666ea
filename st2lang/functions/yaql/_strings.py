"""What the functions in `strings` do."""

import string as letters_of
from typing import Any

from st2lang.functions.failure import EvaluationError
from st2lang.functions.overload import (
    Family,
    Int,
    OptionalFlag,
    OptionalNumber,
    OptionalText,
    Text,
    Value,
)
from st2lang.functions.values import Env

family = Family()
function, method = family.function, family.method


@function("str")
def text(env: Env, value: Value) -> str:
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    env[None].measure(value)
    return str(value)


@method("toUpper")
def to_upper(string: Text) -> str:
    return string.upper()


@method("toLower")
def to_lower(string: Text) -> str:
    return string.lower()


@method("rightSplit")
def right_split(string: Text, separator: OptionalText = None, max_splits: Int = -1) -> list[str]:
    return string.rsplit(separator, max_splits)


@method("trim")
def trim(string: Text, chars: OptionalText = None) -> str:
    return string.strip(chars)


@method("trimLeft")
def trim_left(string: Text, chars: OptionalText = None) -> str:
    return string.lstrip(chars)


@method("trimRight")
def trim_right(string: Text, chars: OptionalText = None) -> str:
    return string.rstrip(chars)


@family.both("norm")
def norm(string: OptionalText, chars: OptionalText = None) -> str | None:
    return None if string is None else string.strip(chars) or None


@method("substring")
def substring(string: Text, start: Int, length: Int = -1) -> str:
    begin = start + len(string) if start < 0 else start
    return string[begin : begin + (len(string) if length < 0 else length)]


@method("toCharArray")
def to_char_array(string: Text) -> tuple[str, ...]:
    return tuple(string)


_CLASSES = {
    "digits": letters_of.digits,
    "hexdigits": letters_of.hexdigits,
    "asciiLowercase": letters_of.ascii_lowercase,
    "asciiUppercase": letters_of.ascii_uppercase,
    "asciiLetters": letters_of.ascii_letters,
    "octdigits": letters_of.octdigits,
    "punctuation": letters_of.punctuation,
    "printable": letters_of.printable,
    "whitespace": letters_of.whitespace,
}


@function("characters")
def characters(
    digits: OptionalFlag = False,
    hexdigits: OptionalFlag = False,
    ascii_lowercase: OptionalFlag = False,
    ascii_uppercase: OptionalFlag = False,
    ascii_letters: OptionalFlag = False,
    letters: OptionalFlag = False,
    octdigits: OptionalFlag = False,
    punctuation: OptionalFlag = False,
    printable: OptionalFlag = False,
    lowercase: OptionalFlag = False,
    uppercase: OptionalFlag = False,
    whitespace: OptionalFlag = False,
) -> tuple[str, ...]:
    # Python 3 has no such classes any more, so the package fails as well.
    for name, wanted in (("letters", letters), ("lowercase", lowercase), ("uppercase", uppercase)):
        if wanted:
            raise EvaluationError(f"there is no class `{name}`; `ascii{name.capitalize()}` is one")
    chosen = {
        "digits": digits,
        "hexdigits": hexdigits,
        "asciiLowercase": ascii_lowercase,
        "asciiUppercase": ascii_uppercase,
        "asciiLetters": ascii_letters,
        "octdigits": octdigits,
        "punctuation": punctuation,
        "printable": printable,
        "whitespace": whitespace,
    }
    found = "".join(_CLASSES[name] for name, wanted in chosen.items() if wanted)
    return tuple(dict.fromkeys(found))


@function("isString")
def is_string(arg: Value) -> bool:
    return isinstance(arg, str)


@method("startsWith")
def starts_with(string: Text, *prefixes: Text) -> bool:
    return string.startswith(prefixes)


@method("endsWith")
def ends_with(string: Text, *suffixes: Text) -> bool:
    return string.endswith(suffixes)


@function("hex")
def hexadecimal(num: OptionalNumber) -> Any:
    return hex(num)
