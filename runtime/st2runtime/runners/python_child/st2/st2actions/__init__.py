"""A stand-in for the parts of `st2actions` that old actions import."""
