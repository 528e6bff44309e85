"""Bring the system to the state that a lab of the workshop begins with, whatever was done before."""
