"""The Lambda functions, one per file: turn an event of AWS into a call of a use case."""
