"""Notify user: on order_accepted, order_rejected and order_cancelled; sends the e-mail and publishes user_notified."""

from examples.choreographed_orders.reaction import reaction
from examples.choreographed_orders.reactions import notify_user

handler = reaction(notify_user)
