"""Fixtures of orders: its template, synthesized once for all tests."""

import pytest
from aws_cdk.assertions import Template

from shared.infrastructure.deployment import Deployment
from tests.orders.stacks import parameters, template_of


@pytest.fixture(scope="session")
def template() -> Template:
    return template_of(Deployment(dependencies="engine"), parameters())
