"""Where things are in this repository; all of what `takeaway` runs is pinned and installed there by `make setup`.

Also which folders hold sources, and which of them are contexts: what Python and git leave behind is neither.
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
OWN_HOME = REPOSITORY / ".home"  # of tools that keep caches, where the person's own can't be written
PICTURES = REPOSITORY / ".pictures"  # of the console's pages, which tests take for people to look at
EXAMPLES = REPOSITORY / "examples" / "orders"
CATALOGUE = REPOSITORY / "examples" / "catalogue.json"

# Variables by which a person names a file or a folder: of ours, of the tools that we run, and of what those run.
NAMING_PATHS = (
    "TAKEAWAY_HOME", "LOCALSTACK_RIG", "COPIER_CACHE_DIR", "COPIER_SETTINGS_PATH", "TMPDIR",
    "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "UV_CACHE_DIR", "UV_CONFIG_FILE", "PIP_CONFIG_FILE",
    "NPM_CONFIG_CACHE", "npm_config_cache", "NPM_CONFIG_USERCONFIG", "npm_config_userconfig",
    "JSII_RUNTIME_PACKAGE_CACHE_ROOT",
    "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR",
    "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "PYTHONPYCACHEPREFIX",
)  # fmt: skip
MADE = (
    ".*_cache", ".assemblies", ".audit", ".engine", ".git", ".home", ".hypothesis", ".localstack", ".pictures",
    ".takeaway", ".venv", "__pycache__", "*.egg-info", "cdk.out", "node_modules",
)  # fmt: skip
NOT_COPIED = shutil.ignore_patterns(*MADE)


def absolute_in(environment: Mapping[str, str]) -> dict[str, str]:
    """The same for a process with another working folder: what a person named from here means the same there."""
    named = {name: os.path.abspath(environment[name]) for name in NAMING_PATHS if environment.get(name)}  # noqa: PTH100
    return {**environment, **named}


def contexts(root: Path) -> tuple[str, ...]:
    """A context is a package in contexts/: whoever adds one need not tell anybody."""
    return tuple(sorted(path.parent.name for path in root.glob("contexts/*/__init__.py")))


def files(folder: Path) -> Iterator[Path]:
    """Every file below a folder that somebody wrote, none of those that were installed or made."""
    if not folder.is_dir():
        return
    entries = sorted(folder.iterdir())
    made = NOT_COPIED(str(folder), [entry.name for entry in entries])
    for entry in entries:
        if entry.name not in made:
            yield from files(entry) if entry.is_dir() else (entry,)


def copied(folder: Path, repository: Path = REPOSITORY) -> Path:
    """All of this folder but what was installed or made."""
    shutil.copytree(repository, folder, ignore=NOT_COPIED, symlinks=True)
    return folder
