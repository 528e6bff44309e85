"""Document events from schemas, workflow, publishing code and templates."""
