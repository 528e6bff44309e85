"""The CDK template: orders' own constructs, and a workflow that may invoke functions of other contexts."""
