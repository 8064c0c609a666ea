"""What the functions in `boolean` do."""

from st2lang.functions.overload import Family, Value

family = Family()


@family.function("bool")
def truth(value: Value) -> bool:
    return bool(value)


@family.function("isBoolean")
def is_boolean(value: Value) -> bool:
    return isinstance(value, bool)
