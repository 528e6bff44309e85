"""What the console runs on: one stack, deployable alone."""
