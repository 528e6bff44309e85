"""Reject order: called by the restaurant; records it and publishes order_rejected."""

from examples.choreographed_orders.call import call

handler = call
