"""The Lambda functions, one per file: five behind API Gateway with one to read, two behind the bus."""
