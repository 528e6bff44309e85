"""One function per file, named as its state of the workflow. They take the event apart and call the use case."""
