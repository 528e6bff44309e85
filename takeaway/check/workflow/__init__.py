"""What a change of a workflow does to executions that are open: they keep the definition that they began with."""
