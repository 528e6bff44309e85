"""What promotions runs on: one stack, deployable alone."""
