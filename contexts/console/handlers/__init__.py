"""The Lambda functions of the console, one per file: turn an event of AWS into a call of this context's code."""
