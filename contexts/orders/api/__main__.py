"""Print the OpenAPI document of the API, generated from its code."""

import sys

from contexts.orders.api.openapi import openapi
from contexts.orders.api.service import resolver

if __name__ == "__main__":
    sys.stdout.write(openapi(resolver()) + "\n")
