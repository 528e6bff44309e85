"""Bring changes of code and workflows to the running engine within seconds, without a synthesis: `takeaway dev`."""
