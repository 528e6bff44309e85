"""Benchmarks that people run; their figures depend on the machine, so no test asserts them."""
