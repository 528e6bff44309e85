"""A function of a context on the paved road: one handler file, one role, one log group."""

from collections.abc import Mapping
from typing import Any, cast

from aws_cdk import Annotations, Duration, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from shared.infrastructure.bundle import Bundle
from shared.infrastructure.bundle_contents import Dependencies, RuntimeFiles, WithDependencies
from shared.infrastructure.bytecode import interpreter
from shared.infrastructure.deployment import Deployment, InvalidParameter
from shared.infrastructure.interface import as_interface
from shared.infrastructure.security_checks import accept, accept_tracing

NOT_THE_NEWEST = "the runtime is a parameter of the deployment; 3.13 is what every engine can run"

NOT_COMPILED = (
    "no Python {python} on PATH, so functions and layers go without bytecode: every cold start compiles all that it "
    "imports, which takes a step half as much CPU again. With one, they are compiled (uv python install {python})"
)


class ContextFunction(lambda_.Function):
    """The function of `contexts/<context>/handlers/<handler>.py`. Its role may write its own log, and no more.

    The stack grants whatever else it needs, one permission at a time. `requirements` names the file of the package that
    pins the packages in its layer. `leave_out` has paths to exclude, so that one large handler does not enlarge the
    other bundles. `handlers_in` names another package that has the handler and is carried as well: for an example that
    wires the same context differently. `requirements_of` names the package that has the file, if it is another.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        deployment: Deployment,
        context: str,
        handler: str,
        environment: Mapping[str, str] | None = None,
        handlers_in: str | None = None,
        requirements: str = "requirements.txt",
        requirements_of: str | None = None,
        leave_out: tuple[str, ...] = (),
        timeout_seconds: int = 10,
        memory_mb: int = 256,
        **kwargs: Any,
    ) -> None:
        package = f"contexts.{context}"
        self.short_name = handler.replace("_", "-")
        name = f"{deployment.prefix}-{context}-{self.short_name}"
        log_group = logs.LogGroup(
            scope,
            f"{id}Log",
            log_group_name=f"/aws/lambda/{name}",
            retention=deployment.log_retention,
            removal_policy=deployment.removal_policy,
        )
        role = iam.Role(scope, f"{id}Role", assumed_by=as_interface(iam.ServicePrincipal("lambda.amazonaws.com")))
        log_group.grant_write(role)
        accept_tracing(role)
        code = _PackageCode.of(
            scope,
            deployment=deployment,
            package=package,
            handlers_in=handlers_in,
            requirements=requirements,
            requirements_of=requirements_of or package,
            leave_out=leave_out,
        )
        super().__init__(
            scope,
            id,
            function_name=name,
            code=code.runtime_files,
            handler=f"{handlers_in or package}.handlers.{handler}.handler",
            runtime=deployment.runtime,
            architecture=deployment.lambda_architecture,
            layers=code.layers,
            role=as_interface(role),
            log_group=as_interface(log_group),
            timeout=Duration.seconds(timeout_seconds),
            memory_size=memory_mb,
            tracing=lambda_.Tracing.ACTIVE,
            environment={
                "POWERTOOLS_SERVICE_NAME": context,
                "POWERTOOLS_METRICS_NAMESPACE": deployment.metrics_namespace,
                **(environment or {}),
            },
            **kwargs,
        )
        accept(self, "L1", NOT_THE_NEWEST)


class _PackageCode(Construct):
    """The bundle and the layer of a package, built once per stack for all functions that share them."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        deployment: Deployment,
        package: str,
        handlers_in: str | None,
        requirements: str,
        requirements_of: str,
        leave_out: tuple[str, ...],
    ) -> None:
        super().__init__(scope, id)
        bytecode = self._bytecode(deployment)
        code = RuntimeFiles(package, leave_out, (handlers_in,) if handlers_in else (), bytecode)
        dependencies = Dependencies(
            requirements_of, requirements, deployment.python, deployment.architecture, code.services(), bytecode
        )
        if not dependencies.file.is_file():  # told for engines, too, that need not have them in a layer
            source = f"{requirements_of.replace('.', '/')}/{requirements.removesuffix('.txt')}"
            raise InvalidParameter(
                f"{source}.txt: expected what the functions of {package} carry, pinned, but it is missing: "
                f"requirements/lock.sh {source}.in writes it"
            )
        in_bundle = deployment.dependencies == "bundle"
        self.runtime_files = Bundle(WithDependencies(code, dependencies) if in_bundle else code)
        self.layers: list[lambda_.ILayerVersion] = []
        if deployment.dependencies == "layer":
            layer = lambda_.LayerVersion(
                self,
                "Dependencies",
                code=Bundle(dependencies),
                compatible_runtimes=[deployment.runtime],
                compatible_architectures=[deployment.lambda_architecture],
                description=f"What {requirements_of.replace('.', '/')}/{requirements} pins",
            )
            self.layers.append(cast(lambda_.ILayerVersion, layer))

    def _bytecode(self, deployment: Deployment) -> str:
        """Return the Python version to compile for, or "".

        Only AWS needs it: engines compile once, or run another Python.
        """
        if deployment.dependencies != "layer":
            return ""
        if interpreter(deployment.python):
            return deployment.python
        Annotations.of(self).add_info(NOT_COMPILED.format(python=deployment.python))
        return ""

    @classmethod
    def of(
        cls,
        scope: Construct,
        *,
        deployment: Deployment,
        package: str,
        handlers_in: str | None,
        requirements: str,
        requirements_of: str,
        leave_out: tuple[str, ...],
    ) -> "_PackageCode":
        stack = Stack.of(scope)
        packages = "-".join(filter(None, [package, handlers_in])).replace(".", "-")
        variant = (requirements.removeprefix("requirements").removesuffix(".txt"), *leave_out)
        carrying = "" if requirements_of == package else "-carrying-more"
        id = f"Code-{packages}{'-without-'.join(variant)}{carrying}"  # noqa: A001
        found = stack.node.try_find_child(id)
        if isinstance(found, cls):
            return found
        return cls(
            stack,
            id,
            deployment=deployment,
            package=package,
            handlers_in=handlers_in,
            requirements=requirements,
            requirements_of=requirements_of,
            leave_out=leave_out,
        )
