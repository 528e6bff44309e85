"""The function that is the workflow; and the three around it, as in orders: the API, and two that close orders."""
