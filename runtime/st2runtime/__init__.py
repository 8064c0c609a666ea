"""The local runtime: conducts compiled workflow graphs."""
