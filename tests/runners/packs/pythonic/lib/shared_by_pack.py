"""In the pack's `lib`."""

NAME = "pack lib"
