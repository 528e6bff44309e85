"""See and list orders: the calls that change nothing."""

from examples.choreographed_orders.call import call

handler = call
