"""What a person runs: the command line, the embedded engine, and the deployment to it."""
