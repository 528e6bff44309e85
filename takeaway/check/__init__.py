"""Check changes of the system: rules of the architecture, contracts, workflows; generate a context; prove a stage."""
