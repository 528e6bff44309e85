"""The CDK template: a function for every step, and a queue of its own for each one that reacts."""
