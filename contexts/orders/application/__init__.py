"""The use cases of orders: commands of people, steps of the workflow, and the ports by which both reach the world."""
