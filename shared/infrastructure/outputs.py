"""Outputs of a stack, by which people and tools find its resources."""

from collections.abc import Mapping

from aws_cdk import CfnOutput, Stack


def add_outputs(stack: Stack, outputs: Mapping[str, str]) -> None:
    for name, value in outputs.items():
        CfnOutput(stack, name, value=value)
