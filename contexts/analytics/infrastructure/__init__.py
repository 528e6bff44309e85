"""The CDK template of analytics: one stack, deployable alone."""
