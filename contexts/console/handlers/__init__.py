"""The Lambda functions, one per file."""
