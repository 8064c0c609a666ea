"""SQLite files of ours: recognised, brought up to date, and with errors that people can act on."""
