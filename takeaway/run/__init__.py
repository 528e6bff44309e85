"""Run the system: the engine, deployments to it, commands, the console, and the client that they share."""
