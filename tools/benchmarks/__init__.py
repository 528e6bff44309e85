"""Measurements that people run: printed with the machine's figures, never asserted."""
