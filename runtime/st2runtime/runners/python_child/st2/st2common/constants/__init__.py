"""A stand-in for the parts of `st2common.constants` that actions import."""
