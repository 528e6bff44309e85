"""The documentation of events, made from the schemas, the workflow, the code that publishes and the templates."""
