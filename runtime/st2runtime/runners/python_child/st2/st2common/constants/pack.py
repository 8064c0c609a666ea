"""A stand-in for `st2common.constants.pack`."""

SYSTEM_PACK_NAME = "core"
DEFAULT_PACK_NAME = "default"
