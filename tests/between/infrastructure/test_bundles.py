"""Bundles of functions: identified by a hash when templates are made, built only when they are published."""

import ast
import json
import marshal
import shutil
import subprocess
import sys
import zipfile
from importlib.util import MAGIC_NUMBER, source_from_cache
from pathlib import Path

import pytest
from aws_cdk import App, Stack
from aws_cdk.assertions import Annotations, Match, Template

from shared.infrastructure import bundle_contents, context_function
from shared.infrastructure.bundle_contents import REPOSITORY, Dependencies, RuntimeFiles, build, command
from shared.infrastructure.bytecode import interpreter
from shared.infrastructure.context_function import ContextFunction
from shared.infrastructure.deployment import Deployment

OURS = 200_000  # bytes


def names(bundle: Path) -> set[str]:
    return set(zipfile.ZipFile(bundle).namelist())


def run(contents: bundle_contents.Contents, bundle: Path) -> subprocess.CompletedProcess[str]:
    """Build a bundle as the CDK CLI does it."""
    return subprocess.run(command(contents, bundle), capture_output=True, text=True, check=False, cwd=bundle.parent)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the repository in which a test may change files."""
    for folder in ("contexts/promotions", "contexts/orders", "examples/choreographed_orders"):
        shutil.copytree(REPOSITORY / folder, tmp_path / folder)
    for init in ("contexts/__init__.py", "examples/__init__.py"):
        shutil.copy(REPOSITORY / init, tmp_path / init)
    monkeypatch.setattr(bundle_contents, "REPOSITORY", tmp_path)
    return tmp_path


@pytest.mark.parametrize("context", ["orders", "promotions", "analytics"])
def test_a_bundle_has_the_runtime_files_of_its_context_and_nothing_of_another(tmp_path: Path, context: str) -> None:
    contents = RuntimeFiles(f"contexts.{context}")
    bundle = tmp_path / f"{contents.hash()}.zip"
    assert run(contents, bundle).stdout == f"{bundle}\n"
    assert all(name.startswith(f"contexts/{context}/") or name == "contexts/__init__.py" for name in names(bundle))
    assert not [name for name in names(bundle) if "infrastructure" in name or name.endswith((".md", ".pyc", ".txt"))]
    assert {f"contexts/{context}/bootstrap.py", "contexts/__init__.py"} <= names(bundle)
    sizes = [each.file_size for each in zipfile.ZipFile(bundle).infolist() if not each.filename.endswith(".min.js")]
    assert sum(sizes) <= OURS


def test_a_bundle_of_several_packages_has_the_files_of_each_once(tmp_path: Path) -> None:
    contents = RuntimeFiles("contexts.orders", ("workflow",), ("examples.choreographed_orders",))
    bundle = tmp_path / f"{contents.hash()}.zip"
    assert run(contents, bundle).stdout == f"{bundle}\n"
    listed = zipfile.ZipFile(bundle).namelist()
    assert len(listed) == len(set(listed))
    assert {name.split("/")[1] for name in listed} == {"__init__.py", "orders", "choreographed_orders"}
    assert {"contexts/__init__.py", "examples/__init__.py"} <= set(listed)
    assert not [name for name in listed if "infrastructure" in name or "workflow/" in name]


def test_templates_are_made_without_building_anything(tmp_path: Path) -> None:
    app = App(outdir=str(tmp_path))
    stack = Stack(app, "stack")
    for id in ("One", "Two"):  # noqa: A001
        ContextFunction(stack, id, deployment=Deployment(), context="promotions", handler=id.lower())
    app.synth()
    assert list(tmp_path.glob("*.zip")) == []
    assets = json.loads((tmp_path / "stack.assets.json").read_text())["files"]
    to_build = {name for name, asset in assets.items() if "executable" in asset["source"]}
    keys = {function["Properties"]["Code"]["S3Key"] for function in functions(stack)}
    compiled_for = "3.13" if interpreter("3.13") else ""
    assert keys == {RuntimeFiles("contexts.promotions", bytecode=compiled_for).hash()}
    assert len(to_build - keys) == 1  # their layer


def functions(stack: Stack) -> list[dict[str, dict[str, dict[str, str]]]]:
    return list(Template.from_stack(stack).find_resources("AWS::Lambda::Function").values())


def test_the_same_files_are_the_same_bundle_to_the_byte(tmp_path: Path) -> None:
    contents = RuntimeFiles("contexts.promotions")
    one, two = tmp_path / "one" / f"{contents.hash()}.zip", tmp_path / "two" / f"{contents.hash()}.zip"
    for bundle in (one, two):
        bundle.parent.mkdir()
        build(contents, bundle)
    assert one.read_bytes() == two.read_bytes()


def test_a_file_that_runs_makes_another_bundle_of_its_own_context_only(repository: Path) -> None:
    promotions, orders = RuntimeFiles("contexts.promotions"), RuntimeFiles("contexts.orders")
    before = promotions.hash(), orders.hash()
    with (repository / "contexts/promotions/bootstrap.py").open("a") as file:
        file.write("# changed\n")
    assert (promotions.hash() != before[0], orders.hash() == before[1]) == (True, True)


@pytest.mark.parametrize("package", ["contexts/orders", "examples/choreographed_orders"])
def test_a_file_of_any_of_its_packages_makes_another_bundle(repository: Path, package: str) -> None:
    contents = RuntimeFiles("contexts.orders", also=("examples.choreographed_orders",))
    before = contents.hash()
    assert before != RuntimeFiles("contexts.orders").hash()
    with (repository / package / "bootstrap.py").open("a") as file:
        file.write("# changed\n")
    assert contents.hash() != before


@pytest.mark.parametrize(
    "name", ["README.md", "infrastructure/stack.py", "reader.py", "requirements.in", "__pycache__/a.pyc"]
)
def test_a_file_that_does_not_run_changes_nothing(repository: Path, name: str) -> None:
    before = RuntimeFiles("contexts.promotions").hash()
    file = repository / "contexts/promotions" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text("changed")
    assert RuntimeFiles("contexts.promotions").hash() == before


def test_a_bundle_of_files_that_were_changed_since_the_templates_were_made_is_refused(tmp_path: Path) -> None:
    bundle = tmp_path / "bundle.of-other-files.zip"
    done = run(RuntimeFiles("contexts.promotions"), bundle)
    assert done.returncode != 0
    assert "has changed since the templates were synthesized: deploy again" in done.stderr
    assert not bundle.exists()


def test_a_package_that_is_not_there_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"There is no package contexts\.loyalty"):
        RuntimeFiles("contexts.loyalty").hash()


def test_a_layer_is_another_for_other_requirements_another_python_and_another_processor(repository: Path) -> None:
    asked = ("contexts.promotions", "requirements.txt")
    layers = {Dependencies(*asked, *of).hash() for of in (("3.13", "arm64"), ("3.12", "arm64"), ("3.13", "x86_64"))}
    with (repository / "contexts/promotions/requirements.txt").open("a") as file:
        file.write("# changed\n")
    assert len({*layers, Dependencies(*asked, "3.13", "arm64").hash()}) == 4


HERE = "{}.{}".format(*sys.version_info)


def test_compiled_code_is_the_same_to_the_byte_and_runs_without_being_checked(tmp_path: Path) -> None:
    contents = RuntimeFiles("contexts.promotions", bytecode=HERE)
    one, two = tmp_path / "one" / f"{contents.hash()}.zip", tmp_path / "two" / f"{contents.hash()}.zip"
    for bundle in (one, two):
        bundle.parent.mkdir()
        assert run(contents, bundle).stdout == f"{bundle}\n"
    assert one.read_bytes() == two.read_bytes()
    archive = zipfile.ZipFile(one)
    sources = {name for name in archive.namelist() if name.endswith(".py")}
    compiled = {source_from_cache(name): archive.read(name) for name in archive.namelist() if name.endswith(".pyc")}
    assert set(compiled) == sources
    assert {content[:8] for content in compiled.values()} == {MAGIC_NUMBER + (1).to_bytes(4, "little")}  # PEP 552
    code = marshal.loads(compiled["contexts/promotions/bootstrap.py"][16:])
    assert code.co_filename == "/var/task/contexts/promotions/bootstrap.py"


def test_what_does_not_compile_is_carried_as_it_is(repository: Path, tmp_path: Path) -> None:
    (repository / "contexts/promotions/template.py").write_text("class {{name}}: ...")
    contents = RuntimeFiles("contexts.promotions", bytecode=HERE)
    bundle = tmp_path / f"{contents.hash()}.zip"
    build(contents, bundle)
    assert "contexts/promotions/template.py" in names(bundle)
    assert not [name for name in names(bundle) if "template" in name and name.endswith(".pyc")]


def test_compiled_is_another_bundle_and_another_layer() -> None:
    asked = ("contexts.promotions", "requirements.txt", "3.13", "arm64", ("ses",))
    assert RuntimeFiles("contexts.promotions").hash() != RuntimeFiles("contexts.promotions", bytecode="3.13").hash()
    assert len({Dependencies(*asked).hash(), Dependencies(*asked, "3.13").hash(), Dependencies(*asked[:4]).hash()}) == 3


@pytest.mark.parametrize("version", ["3.13", "3.99"])
def test_the_synthesis_says_what_it_costs_that_there_is_no_python_to_compile_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    (tmp_path / f"python{version}").write_text("#!/bin/sh\nexit 127\n")  # like a shim of pyenv
    (tmp_path / f"python{version}").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(context_function, "interpreter", interpreter.__wrapped__)
    if version == HERE:
        pytest.skip("this is the Python to compile for")
    stack = Stack(App(), "stack")
    deployment = Deployment(python=version)
    ContextFunction(stack, "One", deployment=deployment, context="promotions", handler="one")
    said = Annotations.from_stack(stack).find_info("*", Match.string_like_regexp(f"no Python {version} on PATH"))
    assert len(said) == 1
    assert "every cold start compiles" in str(said[0].entry.data)


def test_engines_get_sources_alone() -> None:
    stack = Stack(App(), "stack")
    ContextFunction(
        stack, "One", deployment=Deployment(dependencies="engine", python=HERE), context="promotions", handler="one"
    )
    (function,) = functions(stack)
    assert function["Properties"]["Code"]["S3Key"] == RuntimeFiles("contexts.promotions").hash()


@pytest.mark.parametrize(
    ("context", "services"),
    [
        ("orders", ("dynamodb", "events", "ses", "sns", "sqs", "stepfunctions")),
        ("promotions", ("dynamodb", "ses")),
        ("analytics", ("s3",)),
    ],
)
def test_what_a_context_calls_of_aws_is_read_from_its_code(context: str, services: tuple[str, ...]) -> None:
    assert RuntimeFiles(f"contexts.{context}").services() == services


def clients_made(text: str) -> list[bool]:
    """Tell of each call of a `client` whether its service is a literal, which services() can read."""
    calls = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call) and node.args)
    named = (call for call in calls if getattr(call.func, "attr", getattr(call.func, "id", "")) == "client")
    return [isinstance(call.args[0], ast.Constant) for call in named]


def test_no_client_is_made_of_a_service_that_a_layer_could_not_know_of() -> None:
    """The one exception is the function of orders with which all its code makes clients."""
    files = [file for folder in ("contexts", "examples") for file in Path(REPOSITORY, folder).rglob("*.py")]
    found = {file.relative_to(REPOSITORY).as_posix(): clients_made(file.read_text(encoding="utf-8")) for file in files}
    assert sum(map(len, found.values())) > 10
    assert [name for name, literal in found.items() if not all(literal)] == ["contexts/orders/adapters/clients.py"]
    assert clients_made("boto3.client(service); client('s3')") == [False, True]


@pytest.mark.packages
def test_a_layer_has_the_models_of_the_services_that_are_called_and_its_clients_can_be_made(tmp_path: Path) -> None:
    services = RuntimeFiles("contexts.console").services()
    contents = Dependencies("contexts.console", "requirements.txt", HERE, "x86_64", services, HERE)
    bundle = tmp_path / f"{contents.hash()}.zip"
    build(contents, bundle)
    models = {name.split("/")[3] for name in names(bundle) if name.startswith("python/botocore/data/")}
    assert {name for name in models if "." not in name} == {"dynamodb"}
    zipfile.ZipFile(bundle).extractall(tmp_path)
    make = "import boto3; print(boto3.client('dynamodb', region_name='eu-central-1').meta.service_model.service_name)"
    environment = {"PYTHONPATH": str(tmp_path / "python")}
    done = subprocess.run(
        [sys.executable, "-S", "-c", make], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == "dynamodb\n"


@pytest.mark.packages
def test_where_there_are_no_layers_a_bundle_has_its_dependencies_in_it(tmp_path: Path) -> None:
    app = App(outdir=str(tmp_path))
    stack = Stack(app, "stack")
    deployment = Deployment(dependencies="bundle")
    ContextFunction(stack, "One", deployment=deployment, context="console", handler="one")
    (function,) = functions(stack)
    assert "Layers" not in function["Properties"]
    app.synth()
    assets = json.loads((tmp_path / "stack.assets.json").read_text())["files"]
    (asked,) = [asset["source"]["executable"] for asset in assets.values() if "executable" in asset["source"]]
    bundle = Path(subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip())
    assert {"contexts/console/handlers/record_activity.py", "aws_lambda_powertools/__init__.py"} <= names(bundle)
    assert f"{function['Properties']['Code']['S3Key']}" in bundle.name
