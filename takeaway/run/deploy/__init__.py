"""Bringing the templates to an engine with the plain CDK CLI, and making good what the engine lacks."""
