"""Draws graphs: `workflow` makes one of a workflow, `mermaid` and `svg` write any of them."""
