"""Found because `actions/lib` is on the path."""

NAME = "actions lib"
