"""The paths of tools and folders in this repository, where `make setup` installs all that `takeaway` runs.

Also finds source files and contexts, without what Python, git and tools have made.
"""

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
ENGINE_PYTHON = REPOSITORY / ".engine" / "bin" / "python"
LAUNCHER = REPOSITORY / "takeaway" / "run" / "engine" / "ministack_launcher.py"
CDK = REPOSITORY / "node_modules" / ".bin" / "cdk"
TOOLS = Path(sys.executable).parent  # python, node and uv of the project's own environment
OWN_HOME = REPOSITORY / ".home"  # HOME for tools that keep caches, if the user's own can't be written
PICTURES = REPOSITORY / ".pictures"  # screenshots of the console that tests take
EXAMPLES = REPOSITORY / "examples" / "orders"
CATALOGUE = REPOSITORY / "examples" / "catalogue.json"

# Variables whose values are paths: our own, and those of the tools that we run.
NAMING_PATHS = (
    "TAKEAWAY_HOME", "LOCALSTACK_RIG", "COPIER_CACHE_DIR", "COPIER_SETTINGS_PATH", "TMPDIR",
    "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "UV_CACHE_DIR", "UV_CONFIG_FILE", "PIP_CONFIG_FILE",
    "NPM_CONFIG_CACHE", "npm_config_cache", "NPM_CONFIG_USERCONFIG", "npm_config_userconfig",
    "JSII_RUNTIME_PACKAGE_CACHE_ROOT",
    "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR",
    "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "PYTHONPYCACHEPREFIX",
)  # fmt: skip
MADE = (
    ".*_cache", ".assemblies", ".audit", ".engine", ".git", ".home", ".hypothesis", ".localstack", ".pictures", ".site",
    ".takeaway", ".venv", "__pycache__", "*.egg-info", "cdk.out", "node_modules",
)  # fmt: skip
NOT_COPIED = shutil.ignore_patterns(*MADE)


def absolute_in(environment: Mapping[str, str]) -> dict[str, str]:
    """Make paths in the environment absolute, for a process with another working directory."""
    named = {name: os.path.abspath(environment[name]) for name in NAMING_PATHS if environment.get(name)}  # noqa: PTH100
    return {**environment, **named}


def contexts(root: Path) -> tuple[str, ...]:
    """Name the contexts: every package in contexts/ is one, so that a new one is found by itself."""
    return tuple(sorted(path.parent.name for path in root.glob("contexts/*/__init__.py")))


def files(folder: Path) -> Iterator[Path]:
    """Yield all files below a folder, without those that tools have installed or made."""
    if not folder.is_dir():
        return
    entries = sorted(folder.iterdir())
    made = NOT_COPIED(str(folder), [entry.name for entry in entries])
    for entry in entries:
        if entry.name not in made:
            yield from files(entry) if entry.is_dir() else (entry,)


def copied(folder: Path, repository: Path = REPOSITORY) -> Path:
    """Copy the repository without what tools have installed or made, and return the copy."""
    shutil.copytree(repository, folder, ignore=NOT_COPIED, symlinks=True)
    return folder
