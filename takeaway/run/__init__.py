"""What a person needs who runs the system: the engine, deployments to it, commands, and the client that they share."""
