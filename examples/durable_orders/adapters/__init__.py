"""Adapters to AWS: durable executions in place of a state machine's."""
