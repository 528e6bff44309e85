"""The shared bus: what contexts have in common at run time, and all of it."""
