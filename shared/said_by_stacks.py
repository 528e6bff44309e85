"""What a stack says of itself, for whoever deploys or looks at it."""

NEEDS = "Needs"  # the output that names the contexts whose stacks have to be there before it, with commas between
SETTINGS = "Settings"  # of the template's metadata: the context's own values, text by name, so that a change is told
