"""Orders without a workflow: every function waits for an event or a call, does its own work, and publishes an event."""
