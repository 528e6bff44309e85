"""The Lambda functions, one per file, named as their states.

They are orders' own steps, and return their events to the workflow.
"""
