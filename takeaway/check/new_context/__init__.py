"""Generate a context that subscribes to one event, from a template."""

from takeaway.check.new_context.generate import Generated, generate, pin, write
from takeaway.check.new_context.naming import NewContext

__all__ = ["Generated", "NewContext", "generate", "pin", "write"]
