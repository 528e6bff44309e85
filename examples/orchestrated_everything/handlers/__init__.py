"""One function per file, named as its state: orders' own steps, which hand their events on to the workflow."""
