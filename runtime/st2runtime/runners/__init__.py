"""Action runners, one a module: each runs one kind of action as StackStorm's own runner does."""
