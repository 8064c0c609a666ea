"""Executions that survive: what has happened is kept, and what has happened is all that an execution is.

`entries.py` is what a log consists of, `store.py` what any store of logs offers, `file.py` the one in a SQLite
file, `writer.py` what an engine tells, `fold.py` how a log becomes executions again. docs/guarantees.md says
what all of this promises.
"""
