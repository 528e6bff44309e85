"""Stand-ins for the world that behave: in memory, conditional where the real thing is, breakable on purpose."""
