"""The commands of `st2c` that run things: the runtime's, each a module of its own."""
