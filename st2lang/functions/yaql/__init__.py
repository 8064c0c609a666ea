"""The standard library of YAQL: what `yaql.create_context()` gives, family by family."""
