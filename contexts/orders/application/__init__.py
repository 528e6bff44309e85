"""What orders does: commands of people, steps of the workflow, and the ports that they reach the world through."""
