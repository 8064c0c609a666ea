"""A stand-in for what pack actions use of StackStorm's `st2common`.

It is on the path of an action's process only, and written for Python 3.7 as well as today's.
"""

__version__ = "3.8.0"
