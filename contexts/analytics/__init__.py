"""Analytics: keeps what happened in a lake and reports on it. Reacts to events; flat, because it decides nothing."""
