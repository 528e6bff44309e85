"""The rules of an order, with the standard library only: times and ids come in as arguments."""
