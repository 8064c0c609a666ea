"""A stand-in for the parts of `st2actions.runners` that old actions import."""
