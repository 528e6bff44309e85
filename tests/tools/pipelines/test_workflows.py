"""The pipelines, as far as they can be tried without GitHub: well-formed, safe, complete, about existing things."""

import importlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from shared import schema_tools
from shared.infrastructure.bundle_contents import REPOSITORY
from takeaway.paths import contexts
from tests.tools.pipelines.workflows import FOLDER, Workflow, commands, covers, pipelines, read

DEPLOY, ONLY_MAIN = "./.github/workflows/deploy.yml", "github.event_name == 'push' && github.ref == 'refs/heads/main'"
TOOLS = Path(sys.executable).parent
WORKFLOWS = read()
PIPELINES = pipelines(WORKFLOWS)
CONTEXTS = list(contexts(REPOSITORY))
FOLDERS = (".github", "contexts", "requirements", "shared", "tests")
FILES = [path.name for path in REPOSITORY.iterdir() if path.is_file()] + [
    str(path.relative_to(REPOSITORY)) for folder in FOLDERS for path in (REPOSITORY / folder).rglob("*.*")
]
SHARED = [
    "package-lock.json", "pyproject.toml", "requirements/dev.lock",
    "shared/infrastructure/deployment.py", "shared/run_app.py",
    ".github/workflows/context.yml", ".github/workflows/deploy.yml",
]  # fmt: skip


def check(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)


def test_every_workflow_is_one_that_github_understands() -> None:
    schema = "vendor.github-workflows"
    done = check(f"{TOOLS}/check-jsonschema", "--builtin-schema", schema, *map(str, FOLDER.glob("*.yml")))
    assert done.returncode == 0, done.stdout
    actions = (REPOSITORY / ".github/actions").glob("*/action.yml")
    done = check(f"{TOOLS}/check-jsonschema", "--builtin-schema", "vendor.github-actions", *map(str, actions))
    assert done.returncode == 0, done.stdout


def test_no_workflow_lets_a_stranger_in() -> None:
    """Zizmor checks that actions are pinned, permissions small and no foreign text is run as a script."""
    done = check(f"{TOOLS}/zizmor", "--offline", "--no-progress", ".github")
    assert done.returncode == 0, done.stdout


def test_an_action_that_is_not_pinned_would_be_noticed(tmp_path: Path) -> None:
    workflow = tmp_path / ".github/workflows/careless.yml"
    workflow.parent.mkdir(parents=True)
    step = "- uses: actions/checkout@v7"
    workflow.write_text(f"on: push\njobs:\n  job:\n    runs-on: ubuntu-24.04\n    steps:\n      {step}\n")
    done = check(f"{TOOLS}/zizmor", "--offline", "--no-progress", str(workflow))
    assert done.returncode != 0
    assert "unpinned-uses" in done.stdout


def without_pipeline(contexts: list[str], workflows: dict[str, Workflow]) -> list[str]:
    theirs = {workflow.inputs["context"] for name, workflow in workflows.items() if workflow.inputs["context"] == name}
    return [context for context in contexts if context not in theirs]


def test_every_context_and_the_bus_have_a_pipeline_of_their_own() -> None:
    assert without_pipeline([*CONTEXTS, "bus"], PIPELINES) == []
    assert without_pipeline(["nobody"], PIPELINES) == ["nobody"]


@pytest.mark.parametrize("name", PIPELINES)
def test_a_pipeline_runs_for_a_change_that_is_proposed_and_for_one_that_is_made(name: str) -> None:
    assert PIPELINES[name].paths("pull_request") == PIPELINES[name].paths("push") != []
    assert PIPELINES[name].triggers["push"]["branches"] == ["main"]


@pytest.mark.parametrize("name", PIPELINES)
def test_a_pipeline_runs_for_all_that_its_stack_is_made_of(name: str) -> None:
    needed = [*SHARED, f".github/workflows/{name}.yml"]
    if name in CONTEXTS:
        needed += [f"contexts/{name}/infrastructure/stack.py", f"contexts/{name}/requirements.txt"]
        needed += [path for path in FILES if path.startswith(f"tests/{name}/")]
        needed += schemas_of(name)
    paths = PIPELINES[name].paths("push")
    assert [path for path in needed if not any(covers(pattern, path) for pattern in paths)] == []


@pytest.mark.parametrize("name", CONTEXTS)
def test_a_pipeline_does_not_run_for_another_context(name: str) -> None:
    others = [path for path in FILES if path.startswith("contexts/") and path.split("/")[1] in {*CONTEXTS} - {name}]
    assert others
    patterns = PIPELINES[name].paths("push")
    assert [path for path in others if any(covers(pattern, path) for pattern in patterns)] == []


def schemas_of(context: str) -> list[str]:
    """Return the files about the events that a context publishes, or listens to."""
    sources, types = [f"takeaway.{context}"], set(schema_tools.event_types())
    if (REPOSITORY / f"contexts/{context}/infrastructure/subscriptions.py").exists():
        subscriptions = importlib.import_module(f"contexts.{context}.infrastructure.subscriptions")
        sources = [*sources, *subscriptions.SOURCES]
        types = set(getattr(subscriptions, "DETAIL_TYPES", types))
    found = [path for path in FILES if path.startswith(tuple(f"shared/schemas/{source}/" for source in sources))]
    return [path for path in found if Path(path).name.split(".")[0] in {*types, "common"}]


@pytest.mark.parametrize("name", PIPELINES)
def test_a_path_that_is_waited_for_is_there(name: str) -> None:
    patterns = PIPELINES[name].paths("push")
    assert [pattern for pattern in patterns if not any(covers(pattern, path) for path in FILES)] == []


@pytest.mark.parametrize("name", PIPELINES)
def test_the_tests_that_a_pipeline_runs_are_there(name: str) -> None:
    inputs = PIPELINES[name].inputs
    tests = [path for kind in ("unit", "engine") for path in inputs[kind].split()]
    assert tests
    assert [path for path in tests if not list((REPOSITORY / path).rglob("test_*.py"))] == []
    assert inputs["unit"].split() == [*([f"tests/{name}"] if name in CONTEXTS else []), "tests/between"]


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_command_that_a_workflow_runs_is_there(name: str) -> None:
    targets = {line.partition(":")[0] for line in (REPOSITORY / "Makefile").read_text().splitlines() if ": " in line}
    for program, *arguments in commands(WORKFLOWS[name]):
        if program == "make":
            assert arguments[0] in targets
        elif program == ".venv/bin/pytest":
            assert [each for each in arguments if not each.startswith("$") and not (REPOSITORY / each).exists()] == []
        elif program == "npx":
            assert arguments[0] == "cdk"
            assert arguments[1] in ("synth", "deploy")
            assert (REPOSITORY / "node_modules/.bin/cdk").exists()
        elif program == ".ci/run":
            assert (REPOSITORY / program).exists()


def checkouts(workflow: Workflow) -> list[tuple[str, bool, bool]]:
    """Return for each job whether it compares contracts, and whether it has the commits to compare with."""
    compare = ("make check", "make contracts", "contracts diff", ".ci/run")
    return [
        (
            f"{workflow.name}: {name}",
            any(each in step.get("run", "") for step in job["steps"] for each in compare),
            any(step.get("with", {}).get("fetch-depth") == 0 for step in job["steps"]),
        )
        for name, job in workflow.jobs.items()
        if "steps" in job
    ]


def test_whoever_compares_contracts_has_fetched_what_to_compare_them_with() -> None:
    found = [each for workflow in WORKFLOWS.values() for each in checkouts(workflow)]
    assert {name for name, compares, _ in found if compares} >= {"context: check", "platform: everything"}
    assert [name for name, compares, has_history in found if compares and not has_history] == []


def test_contracts_are_compared_with_all_that_a_pull_request_or_a_push_brings() -> None:
    [step] = [each for each in WORKFLOWS["context"].jobs["check"]["steps"] if "contracts diff" in each.get("run", "")]
    assert "if" not in step
    assert "format('origin/{0}', github.base_ref) || github.event.before" in step["env"]["BASE"]


def test_only_a_deployment_proves_who_it_is_and_it_is_asked_for_by_its_environment() -> None:
    (deploy,) = WORKFLOWS["deploy"].jobs.values()
    assert deploy["environment"] == "${{ inputs.context }}-${{ inputs.stage }}"
    assert deploy["permissions"] == {"contents": "read", "id-token": "write"}
    others = [
        f"{workflow.name}: {name}"
        for workflow in WORKFLOWS.values()
        for name, job in workflow.jobs.items()
        if "id-token" in job["permissions"] and "uses" not in job and workflow.name != "deploy"
    ]
    assert others == []
    assert {str(workflow.content["permissions"]) for workflow in WORKFLOWS.values()} == {"{}"}


def test_production_comes_after_dev_and_dev_after_every_test_and_only_from_main() -> None:
    jobs = WORKFLOWS["context"].jobs
    assert jobs["dev"]["needs"] == "synthesize"
    assert {*jobs["synthesize"]["needs"], "synthesize"} == {name for name, job in jobs.items() if "steps" in job}
    assert jobs["synthesize"]["if"] == ONLY_MAIN
    assert [job["with"]["stage"] for job in jobs.values() if job.get("uses") == DEPLOY] == ["dev"]
    for name, pipeline in PIPELINES.items():
        prod = pipeline.jobs["prod"]
        assert (prod["needs"], prod["if"], prod["uses"]) == (name, ONLY_MAIN, DEPLOY)  # a skipped job counts as green
        assert prod["with"] == {"context": name, "stage": "prod"}
        assert pipeline.jobs.keys() == {name, "prod"}


def holds_up_dev(pipeline: Workflow) -> list[str]:
    """Return the jobs that a later push has to wait for, although they only wait for reviewers."""
    spans = ["workflow"] if "concurrency" in pipeline.content else []
    return spans + [name for name, job in pipeline.jobs.items() if job["uses"] == DEPLOY and "concurrency" in job]


def test_a_deployment_that_waits_for_its_reviewers_keeps_nobody_from_dev() -> None:
    for name, pipeline in PIPELINES.items():
        assert holds_up_dev(pipeline) == []
        # dev never goes back: a later push is deployed later
        assert pipeline.jobs[name]["concurrency"]["group"] == f"{name}-${{{{ github.ref }}}}"
    (deploy,) = WORKFLOWS["deploy"].jobs.values()
    assert deploy["concurrency"]["group"] == "takeaway-${{ inputs.stage }}-${{ inputs.context }}"
    (some,) = {name: each for name, each in PIPELINES.items() if name == "promotions"}.values()
    careless = Workflow("promotions", {**some.content, "concurrency": {"group": "promotions-main"}})
    assert holds_up_dev(careless) == ["workflow"]


def trusted(page: str) -> dict[str, str]:
    """Return the claims of GitHub's token that the trust policy on the page demands."""
    policies = [json.loads(block) for block in re.findall(r"^```json\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)]
    [policy] = [each for each in policies if "Principal" in each]
    assert policy["Condition"].keys() == {"StringEquals"}  # no pattern is allowed
    return {key.rpartition(":")[2]: value for key, value in policy["Condition"]["StringEquals"].items()}


def test_the_role_of_a_deployment_trusts_one_environment_on_main_in_the_workflow_that_deploys() -> None:
    page = (REPOSITORY / "docs/pipelines.md").read_text(encoding="utf-8")
    wanted = trusted(page)
    assert wanted["aud"] == "sts.amazonaws.com"
    environment = wanted["sub"].removeprefix("repo:OWNER/REPOSITORY:environment:")
    assert environment in [f"{name}-{stage}" for name in PIPELINES for stage in ("dev", "prod")]
    assert wanted["ref"] == "refs/heads/main"
    file, _, ref = wanted["job_workflow_ref"].removeprefix("OWNER/REPOSITORY/").partition("@")
    assert (f"./{file}", ref) == (DEPLOY, "refs/heads/main")
    assert (REPOSITORY / file).is_file()
    assert f"environments/{environment}/deployment-branch-policies -f name=main -f type=branch" in page


@pytest.mark.parametrize(
    ("pattern", "path", "through"),
    [
        ("contexts/promotions/**", "contexts/promotions/domain/policy.py", True),
        ("contexts/promotions/**", "contexts/promotions_old/policy.py", False),
        ("schemas/**/order_completed.*", "schemas/order_completed.v1.schema.json", True),
        ("schemas/**/order_completed.*", "schemas/examples/order_completed.v1.json", True),
        ("requirements/*.lock", "requirements/old/dev.lock", False),
        ("app.py", "app.py", True),
        ("app.py", "apptpy", False),
    ],
)
def test_a_path_filter_is_understood(pattern: str, path: str, through: bool) -> None:
    assert covers(pattern, path) is through


def test_what_is_deployed_was_synthesized_once_for_both_stages() -> None:
    """A synthesis per stage could see another commit, other tools or other parameters."""
    (deploy,) = WORKFLOWS["deploy"].jobs.values()
    said = "\n".join(step.get("run", "") for step in deploy["steps"])
    assert '--app "assemblies/$STAGE"' in said
    assert "synth" not in said
    steps = WORKFLOWS["context"].jobs["synthesize"]["steps"]
    run = "\n".join(step.get("run", "") for step in steps)
    assert [stage for stage in ("dev", "prod") if f"packing assemblies/{stage}" in run] == ["dev", "prod"]
    made = next(step["with"] for step in steps if "upload-artifact" in step.get("uses", ""))
    taken = next(step["with"] for step in deploy["steps"] if "download-artifact" in step.get("uses", ""))
    assert (made["name"], made["path"]) == (taken["name"], taken["path"])


@pytest.mark.parametrize("name", PIPELINES)
def test_a_pipeline_synthesizes_by_the_app_of_its_context(name: str) -> None:
    assert (REPOSITORY / PIPELINES[name].inputs["folder"] / "cdk.json").is_file()
    assert Path(PIPELINES[name].inputs["folder"]).name == PIPELINES[name].inputs["context"] == name
