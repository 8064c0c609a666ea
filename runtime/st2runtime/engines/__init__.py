"""Engines: what carries out what the conductor asks for.

`execution.py` drives one workflow execution and is the same for every engine. `port.py` is all that an
engine has to offer it. `local.py` is an engine in one process, on asyncio.
"""
