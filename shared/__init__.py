"""What contexts share: the schemas of their events, and constructs for their templates. Nothing that runs in a function."""
