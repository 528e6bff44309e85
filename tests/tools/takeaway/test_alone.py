"""One context deployed or destroyed: what it needs, what blocks it, and what has to be built."""

import json
from pathlib import Path

import pytest

from takeaway.errors import UsageError
from takeaway.run.client.outputs import Stack, Stacks
from takeaway.run.client.target import Target
from takeaway.run.deploy import alone, cdk, engine_gaps
from takeaway.run.deploy.assembly import Assembly
from takeaway.run.deploy.parameters import Parameters
from takeaway.run.engine.home import Home
from takeaway.run.engine.kinds import EngineKind, traits_of
from tests.conftest import Silent

NEEDS = {"bus": [], "orders": ["bus"], "promotions": ["bus"], "console": ["bus", "orders"]}


def outputs_of(context: str) -> dict[str, str]:
    needs = NEEDS.get(context)
    return {"Needs": ",".join(needs)} if needs else {}


@pytest.fixture
def assembly(tmp_path: Path) -> Assembly:
    """Return an assembly of all contexts, each with a bundle of its own."""
    folder = tmp_path / "cdk.out"
    folder.mkdir()
    artifacts = {"Tree": {"type": "cdk:tree"}}
    for context in NEEDS:
        name = f"takeaway-dev-{context}"
        artifacts[name] = {"type": "aws:cloudformation:stack"}
        artifacts[f"{name}.assets"] = {"type": "cdk:asset-manifest"}
        bundle = folder / f"bundle.{context}.zip"
        files = {
            context: {"source": {"executable": ["/usr/bin/touch", str(bundle)]}},
            "template": {"source": {"path": f"{name}.template.json"}},
        }
        outputs = {key: {"Value": value} for key, value in outputs_of(context).items()}
        (folder / f"{name}.assets.json").write_text(json.dumps({"files": files}))
        (folder / f"{name}.template.json").write_text(json.dumps({"Resources": {}, "Outputs": outputs}))
    (folder / "manifest.json").write_text(json.dumps({"artifacts": artifacts}))
    return Assembly(folder, "takeaway-dev")


def deployed(*contexts: str) -> Stacks:
    return Stacks({each: Stack(f"takeaway-dev-{each}", "CREATE_COMPLETE", outputs_of(each)) for each in contexts})


def test_the_stacks_of_an_assembly_are_known_by_their_contexts(assembly: Assembly) -> None:
    assert assembly.contexts == list(NEEDS)


def test_a_context_that_finds_all_that_it_needs_is_deployed_whatever_else_is_there(assembly: Assembly) -> None:
    alone.check_can_deploy(assembly, "bus", deployed())
    alone.check_can_deploy(assembly, "promotions", deployed("bus"))
    alone.check_can_deploy(assembly, "promotions", deployed("bus", "promotions"))


def test_what_is_missing_is_named_with_the_command_that_brings_it(assembly: Assembly) -> None:
    with pytest.raises(
        UsageError, match=r"takeaway-dev-promotions needs takeaway-dev-bus.*`takeaway deploy bus` first"
    ):
        alone.check_can_deploy(assembly, "promotions", deployed("orders"))
    with pytest.raises(UsageError, match="`takeaway deploy bus` and `takeaway deploy orders` first"):
        alone.check_can_deploy(assembly, "console", deployed())


def test_a_context_that_nobody_needs_can_go() -> None:
    alone.check_can_destroy("takeaway-dev-promotions", "promotions", deployed("bus", "orders", "promotions"))
    alone.check_can_destroy("takeaway-dev-orders", "orders", deployed("bus", "orders", "promotions"))
    alone.check_can_destroy("takeaway-dev-bus", "bus", deployed("bus"))


def test_what_is_in_the_way_is_named() -> None:
    with pytest.raises(
        UsageError, match=r"takeaway-dev-bus .* destroy takeaway-dev-orders and takeaway-dev-console first"
    ):
        alone.check_can_destroy("takeaway-dev-bus", "bus", deployed("bus", "orders", "console"))


def test_what_is_not_there_is_not_destroyed() -> None:
    with pytest.raises(UsageError, match="takeaway-dev-orders is not deployed"):
        alone.check_can_destroy("takeaway-dev-orders", "orders", deployed("bus"))
    with pytest.raises(UsageError, match=r"no context 'loyalty': contexts/ has .*promotions"):
        alone.check_can_destroy("takeaway-dev-loyalty", "loyalty", deployed("bus"))


def test_on_aws_the_plain_command_is_named(home: Home) -> None:
    with pytest.raises(UsageError, match=r"`npx cdk deploy -c stage=dev` in the folder contexts/promotions"):
        alone.deploy(Target(home), "promotions", Parameters(), Silent())
    with pytest.raises(UsageError, match=r"`npx cdk destroy -c stage=dev` in the folder contexts/promotions"):
        alone.destroy(Target(home), "promotions", Silent())


def test_what_functions_carry_is_built_for_every_stack_of_an_assembly(assembly: Assembly, tmp_path: Path) -> None:
    cdk.build(assembly, log=tmp_path / "log")
    assert {path.name for path in assembly.folder.glob("*.zip")} == {f"bundle.{context}.zip" for context in NEEDS}


class Archives:
    """EventBridge's archives, by name."""

    class exceptions:  # noqa: N801 - as botocore has it
        class ResourceNotFoundException(Exception): ...

    def __init__(self, *names: str) -> None:
        self.names = set(names)

    def delete_archive(self, ArchiveName: str) -> None:  # noqa: N803 - as boto3 has it
        if ArchiveName not in self.names:
            raise self.exceptions.ResourceNotFoundException
        self.names.remove(ArchiveName)


@pytest.mark.parametrize(
    ("stage", "context", "left"),
    [("dev", "bus", set()), ("prod", "bus", {"takeaway-prod"}), ("dev", "promotions", {"takeaway-dev"})],
)
def test_an_archive_that_was_made_through_the_api_goes_with_its_bus_but_not_in_production(
    home: Home, monkeypatch: pytest.MonkeyPatch, stage: str, context: str, left: set[str]
) -> None:
    archives = Archives(f"takeaway-{stage}")
    target = Target(home, stage, endpoint="http://here", _clients={"events": archives})
    monkeypatch.setitem(target.__dict__, "traits", traits_of(EngineKind.MINISTACK))
    for _ in range(2):  # twice, as after an interruption
        engine_gaps.take_back(target, context)
    assert archives.names == left


class Deleting:
    """CloudFormation that deletes a stack at once."""

    def __init__(self) -> None:
        self.deleted: list[str] = []

    def delete_stack(self, StackName: str) -> None:  # noqa: N803 - as boto3 has it
        self.deleted.append(StackName)

    def get_waiter(self, name: str) -> "Deleting":
        assert name == "stack_delete_complete"
        return self

    def wait(self, StackName: str, WaiterConfig: object) -> None:  # noqa: N803 - as boto3 has it
        assert StackName in self.deleted


@pytest.mark.parametrize(("name", "can_come_back"), [("promotions", True), ("loyalty", False)])
def test_a_context_is_destroyed_without_a_synthesis_also_one_that_was_removed_by_hand(
    home: Home, monkeypatch: pytest.MonkeyPatch, name: str, can_come_back: bool
) -> None:
    engine = Deleting()
    target = Target(home, endpoint="http://127.0.0.1:1", _clients={"cloudformation": engine})
    monkeypatch.setitem(target.__dict__, "traits", traits_of(EngineKind.MINISTACK))
    monkeypatch.setattr(alone.outputs, "read", lambda _: deployed("bus", "orders", name))
    assert alone.destroy(target, name, Silent()) is can_come_back
    assert engine.deleted == [f"takeaway-dev-{name}"]
    assert target.deployed()["fingerprint"] is None
