"""Notify restaurant: on order_placed; sends the message and publishes restaurant_notified."""

from examples.choreographed_orders.reaction import reaction
from examples.choreographed_orders.reactions import notify_restaurant

handler = reaction(notify_restaurant)
