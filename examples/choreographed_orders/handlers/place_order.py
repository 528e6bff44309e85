"""Place order: called by a customer; records the order and publishes order_placed."""

from examples.choreographed_orders.call import call

handler = call
