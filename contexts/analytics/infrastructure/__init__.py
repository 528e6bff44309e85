"""What analytics runs on: one stack, deployable alone."""
