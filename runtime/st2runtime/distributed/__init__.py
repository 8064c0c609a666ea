"""Executions on many machines: the journal in PostgreSQL, workers that DBOS hands executions to.

Nothing here is imported unless a database is named; `pip install st2lang[distributed]` brings what it needs.
"""
