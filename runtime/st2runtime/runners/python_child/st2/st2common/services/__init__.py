"""A stand-in for the parts of `st2common.services` that actions import."""
