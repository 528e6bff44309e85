"""Complete order: called by the restaurant; records it and publishes order_completed."""

from examples.choreographed_orders.call import call

handler = call
