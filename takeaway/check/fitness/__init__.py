"""Fitness functions: check rules of the architecture in templates, workflow, imports and code, with evidence."""
