"""How a run is shown: a live tree on a terminal, a line an event elsewhere, the tree at the end."""
