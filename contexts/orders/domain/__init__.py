"""What an order is and may become. Standard library only: time and ids come in as arguments."""
