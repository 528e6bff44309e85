"""`takeaway dev`: a change of code or of a workflow is on the running engine within seconds, without a synthesis."""
