"""Promotions: thanks customers for completed orders with vouchers. Reacts to events, knows no other context."""
