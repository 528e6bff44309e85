"""A function's code as an asset that is built only when it is published, without Docker.

A template needs only its hash. The CDK CLI builds what it is about to publish: nothing of a stack that it does not
deploy, and nothing that has been published before.
"""

from pathlib import Path
from typing import cast

from aws_cdk import Stack, Stage
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from constructs import Construct

from shared.infrastructure.bundle_contents import Contents, command
from shared.refusals import Refusal


class Bundle(lambda_.Code):
    """The code of a function or of a layer. Raises Refusal if its files don't exist."""

    def __init__(self, contents: Contents) -> None:
        super().__init__()
        try:
            self._contents, self._hash = contents, contents.hash()
        except FileNotFoundError as error:
            raise Refusal(str(error)) from None

    def bind(self, scope: Construct) -> lambda_.CodeConfig:
        stage = cast(Stage, Stage.of(scope))
        bundle = Path(stage.asset_outdir, f"bundle.{self._hash}.zip").absolute()
        found = Stack.of(scope).synthesizer.add_file_asset(
            source_hash=self._hash, executable=command(self._contents, bundle), display_name=str(self._contents)
        )
        return lambda_.CodeConfig(s3_location=s3.Location(bucket_name=found.bucket_name, object_key=found.object_key))
