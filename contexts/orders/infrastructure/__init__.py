"""The CDK template of orders: a stack that wires, constructs that build."""
