"""Commands that look at a change, or begin one."""
