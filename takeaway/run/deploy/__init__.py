"""Deploy the CDK apps with the plain CDK CLI, and add through the API what an engine's CloudFormation leaves out."""
