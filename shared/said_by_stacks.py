"""Names under which a stack describes itself to those who deploy it or look at it."""

NEEDS = "Needs"  # output: the contexts whose stacks have to be deployed before it, separated by commas
SETTINGS = "Settings"  # metadata of the template: the context's own values by name, so that a deployment tells changes
