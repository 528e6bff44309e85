"""The shared bus: the only thing that contexts have in common at run time."""
