"""The command line: the only room that reads and writes files and talks to a terminal.

A subcommand is a module with `SUMMARY: str`, `configure(parser)` and `run(args) -> int`; it is named
in the entry-point group `st2c.commands` and imported when it is called.
"""
