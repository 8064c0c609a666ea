"""One feature of the protocol a module; `register(server)` brings it in."""
