"""How the outcomes of rehearsals, and their coverage, are printed: one format a module."""
