"""The template: a function, and where it reacts a queue of its own, for every step."""
