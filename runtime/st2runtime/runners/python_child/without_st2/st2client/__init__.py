"""A stand-in for `st2client`, for interpreters that do not have it: the datastore, and no server."""
