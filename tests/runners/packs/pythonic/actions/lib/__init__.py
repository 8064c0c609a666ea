"""A package that actions import as `lib`."""
