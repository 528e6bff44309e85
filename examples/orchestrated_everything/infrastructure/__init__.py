"""The template: orders' own constructs, and a workflow that may invoke what belongs to others."""
