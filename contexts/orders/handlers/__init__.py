"""The Lambda functions, one per file, each named as its state of the workflow: read the event, call the use case."""
