"""The template: orders' own constructs, and a durable function in place of a state machine and its steps."""
