"""Cancel order: called by the customer; records it and publishes order_cancelled."""

from examples.choreographed_orders.call import call

handler = call
