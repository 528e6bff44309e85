"""Draw graphs: `workflow` makes the graph of a workflow, `mermaid` and `svg` draw any graph."""
