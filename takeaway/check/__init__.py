"""What a person needs who changes the system: the rules of its architecture, its contracts, a new context."""
