"""Contract tests: compare published event schemas with what consumers read, and with an earlier revision."""
