"""What contexts share: schemas of events, and constructs for templates. Nothing that runs in a function."""
