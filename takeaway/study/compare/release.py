"""A version of orders with renamed steps: made ready beside other stories, and deployed like `takeaway deploy`."""

from dataclasses import dataclass, replace

from takeaway.check.templates import assembly
from takeaway.paths import copied
from takeaway.run.client.system import System
from takeaway.run.client.target import Target
from takeaway.run.deploy import apps, deployment
from takeaway.run.deploy.assembly import Assembly
from takeaway.run.engine.home import Home
from takeaway.study.compare.all_four import parameters_of
from takeaway.study.compare.contender import Contender
from takeaway.study.compare.longer_timeouts import LONGER
from takeaway.study.compare.renaming import renamed


@dataclass(frozen=True)
class Release:
    """A synthesized version. `target` has a state folder of its own: other stories read what is deployed now."""

    target: Target
    context: dict[str, str]
    assembly: Assembly

    @classmethod
    def of(cls, contender: Contender) -> "Release":
        """Rename the steps in a copy of this folder, and synthesize its orders. Raises DeploymentFailed."""
        folder = contender.target.home.folder / "renamed"
        copy = renamed(copied(folder / "checkout"))
        target = replace(contender.target, home=Home(folder / "home"), _clients={})
        target.home.folder.mkdir()
        parameters = parameters_of(target, contender.wiring, LONGER, LONGER)
        context = deployment.context_of(target, parameters)
        app = apps.of_context("orders", contender.wiring, copy)
        return cls(target, context, deployment.synthesize(target, context, app))

    def deploy_over(self, contender: Contender) -> Contender:
        """Deploy it, and return the contender as it is then. Raises DeploymentFailed."""
        deployment.put_there(self.target, self.assembly, self.context, deployment.Quiet())
        after = Contender(contender.wiring, System(contender.target))
        after.__dict__["stacks"] = {**contender.stacks, **assembly.read(self.assembly.folder)}
        return after
