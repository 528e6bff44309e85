"""The CDK template of the console: one stack, deployable alone."""
