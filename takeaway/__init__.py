"""What a person runs: the command line, the embedded engine, the deployment to it, and the console that watches."""
