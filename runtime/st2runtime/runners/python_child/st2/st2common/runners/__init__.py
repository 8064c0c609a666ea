"""A stand-in for the parts of `st2common.runners` that actions import."""
