"""A stand-in for the parts of `st2common.util` that actions import."""
