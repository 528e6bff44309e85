"""The CDK template of promotions: one stack, deployable alone."""
