"""The commands that the language server brings to `st2c`."""
