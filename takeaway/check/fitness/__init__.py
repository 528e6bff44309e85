"""The architecture as fitness functions: rules read from templates, workflow, imports and code, with evidence."""
