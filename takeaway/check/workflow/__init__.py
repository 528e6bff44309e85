"""Find what a workflow's change does to open executions, which keep the definition that they began with."""
