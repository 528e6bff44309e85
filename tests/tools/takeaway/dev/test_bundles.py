"""Functions get the code that a deployment would build for them, and nothing that they can't import."""

import io
import json
import zipfile
from pathlib import Path

import pytest

from shared.infrastructure import bundle_contents
from shared.infrastructure.bundle_contents import Dependencies, RuntimeFiles, WithDependencies, build
from takeaway.run.dev.bundles import Bundle, NotPython

FUNCTION = "takeaway-dev-kitchen-cook"


@pytest.fixture
def handler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(bundle_contents, "REPOSITORY", tmp_path)
    file = tmp_path / "contexts/kitchen/handlers/cook.py"
    file.parent.mkdir(parents=True)
    for folder in (file.parent, *file.parent.parents[:2]):
        (folder / "__init__.py").touch()
    file.write_text("ready = True\n")
    return file


def contents(archive: bytes) -> dict[str, bytes]:
    found = zipfile.ZipFile(io.BytesIO(archive))
    return {name: found.read(name) for name in found.namelist()}


def test_it_is_the_bundle_that_a_deployment_would_build(handler: Path, tmp_path: Path) -> None:
    code = RuntimeFiles("contexts.kitchen")
    bundle = Bundle("kitchen", code, {FUNCTION: ["python", "build", "old.zip", "{}"]}, "old", tmp_path / "old.zip")
    handler.write_text("ready = False\n")
    built = tmp_path / f"bundle.{code.hash()}.zip"
    build(code, built)
    assert contents(bundle.made()) == contents(built.read_bytes())
    assert handler in bundle.files()


def test_installed_packages_stay_those_that_were_deployed(handler: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "old.zip", "w") as deployed:
        deployed.writestr("pydantic/__init__.py", "installed")
        deployed.writestr("contexts/kitchen/handlers/gone.py", "removed since")
    both = WithDependencies(
        RuntimeFiles("contexts.kitchen"), Dependencies("contexts.kitchen", "requirements.txt", "3.13", "x86_64")
    )
    made = contents(Bundle("kitchen", both, {FUNCTION: []}, "old", tmp_path / "old.zip").made())
    assert made["pydantic/__init__.py"] == b"installed"
    assert made["contexts/kitchen/handlers/cook.py"] == handler.read_bytes()
    assert "contexts/kitchen/handlers/gone.py" not in made


@pytest.mark.parametrize(("source", "where"), [("def (\n", "cook.py, line 1"), ("x = 1\0", "cook.py")])
def test_what_python_can_not_read_reaches_no_function(handler: Path, source: str, where: str, tmp_path: Path) -> None:
    handler.write_text(source)
    bundle = Bundle("kitchen", RuntimeFiles("contexts.kitchen"), {FUNCTION: []}, json.dumps({}), tmp_path)
    with pytest.raises(NotPython, match=where):
        bundle.made()
