"""The CDK app of one context: its stack, its parameters, and the check against AWS's checklist.

`cd contexts/promotions && npx cdk deploy` runs it; the app.py at the top adds the stacks of all contexts to one app.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import aws_cdk as cdk

from shared import how_far
from shared.deployables import folders
from shared.infrastructure.deployment import Deployment, Get
from shared.infrastructure.production import refuse_placeholders
from shared.infrastructure.security_checks import check
from shared.refusals import told_alone
from shared.said_by_stacks import NEEDS

FEATURE_FLAGS = Path(__file__).with_name("feature_flags.json")
Make = Callable[[cdk.App, str, Deployment, Get], cdk.Stack]


@dataclass(frozen=True)
class ContextApp:
    """A context that can be deployed by itself: `folder` has its cdk.json, `make` builds its stack.

    `needs` are the contexts whose stacks have to be deployed before: at least the bus, without which no rule can be
    made. `chosen` are the parameters that production must set, because their defaults are only examples.
    """

    name: str
    folder: Path
    make: Make
    needs: tuple[str, ...] = ("bus",)
    chosen: tuple[str, ...] = ("alarmEmail",)

    def add_to(self, app: cdk.App) -> cdk.Stack:
        """Add the stack `takeaway-<stage>-<name>` to an app. Raises InvalidParameter."""
        get = settings(app, self.folder)
        deployment = Deployment.from_context(get)
        stack = self.make(app, f"{deployment.prefix}-{self.name}", deployment, get)
        stack.termination_protection = deployment.is_production
        # Every resource is tagged, so that the bill can be read by context and by stage.
        for tag, value in {"context": self.name, "stage": deployment.stage}.items():
            cdk.Tags.of(stack).add(tag, value)
        if self.needs:
            cdk.CfnOutput(stack, NEEDS, value=",".join(self.needs))
        return stack

    def synthesize(self) -> None:
        """Write the assembly with this single stack."""
        with told_alone():
            app = new_app()
            refuse_examples(app, [self])
            how_far.tell(f"synthesizing {self.name}")
            self.add_to(app)
            how_far.tell("writing its template, held against AWS's checklist")
            app.synth()


def refuse_examples(app: cdk.App, contexts: Iterable[ContextApp]) -> None:
    """Raise InvalidParameter if production lacks values that its owners have to choose, in any of the contexts."""
    refuse_placeholders({each.name: (settings(app, each.folder), each.chosen) for each in contexts})


def new_app() -> cdk.App:
    """Make an app with the feature flags that the CDK recommends, whose synthesis fails on a finding of cdk-nag."""
    app = cdk.App(context=json.loads(FEATURE_FLAGS.read_text(encoding="utf-8")))
    check(app)
    return app


def settings(app: cdk.App, folder: Path) -> Get:
    """Return a function that looks up a parameter of this context's deployment by its name.

    `-c name=value` wins over the value for the stage in the context's cdk.json ("stages"), and that over its value for
    every stage. The file is read here, because the CDK CLI reads only the one of the folder that it was started in.
    """
    written: dict[str, Any] = json.loads((folder / "cdk.json").read_text(encoding="utf-8")).get("context", {})

    def get(name: str) -> object:
        given = app.node.try_get_context(name)
        if given is not None and given != written.get(name):
            return given
        of_stage = {} if name == "stage" else written.get("stages", {}).get(get("stage"), {})
        return of_stage.get(name, written.get(name))

    return get


def discovered(repository: Path) -> dict[str, ContextApp]:
    """Return the app of everything that can be deployed by itself, by name."""
    packages = [folder.relative_to(repository).parts for folder in folders(repository).values()]
    found = (import_module(".".join((*package, "infrastructure", "app"))).CONTEXT for package in packages)
    return {context.name: context for context in found}
