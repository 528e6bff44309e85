"""The import rules of pyproject.toml, checked by import-linter and told as data.

It runs as a program of its own: import-linter finds packages by importing what lies in the folder where it runs, which
need not be this repository. Only the standard library and import-linter are imported here.
"""

import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

LINE = 1000  # nothing that import-linter says is wrapped


@dataclass(frozen=True)
class Contract:
    """A contract of import-linter; `broken` is what it says where it is broken."""

    id: str
    name: str
    guidance: str
    ignored: int
    broken: str


@dataclass(frozen=True)
class Linted:
    modules: int
    imports: int
    contracts: dict[str, Contract]


class LintingFailed(Exception):
    """import-linter could not do its work: what it said."""


def lint(root: Path, *only: str) -> Linted:
    """Check the contracts of the tree at `root`, or only those with these ids."""
    done = subprocess.run(  # noqa: S603 - this very file
        [sys.executable, __file__, *only], cwd=root, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise LintingFailed(done.stderr.strip())
    answer = json.loads(done.stdout)
    contracts = {each["id"]: Contract(**each) for each in answer["contracts"]}
    return Linted(answer["modules"], answer["imports"], contracts)


def main(only: tuple[str, ...]) -> None:
    sys.path[0] = os.getcwd()  # noqa: PTH109 - not the folder of this file, whose modules are named as others' are
    from importlinter import configuration  # noqa: PLC0415
    from importlinter.application import output, use_cases  # noqa: PLC0415

    configuration.configure()
    output.console.width = LINE
    options = use_cases.read_user_options()
    use_cases._register_contract_types(options)
    with output.console.capture():  # its progress is not for us
        report = use_cases.create_report(options, only, cache_dir=None)
    if report.could_not_run:
        sys.exit(f"pyproject.toml, import rules: {report.invalid_contract_options}")
    ids = {each["name"]: each.get("id", each["name"]) for each in options.contracts_options}
    contracts = []
    for contract, check in report.get_contracts_and_checks():
        with output.console.capture() as said:
            if not check.kept:
                contract.render_broken_contract(check)
        guidance = str(contract.contract_options.get("broken_contract_guidance", ""))
        contracts.append(Contract(ids[contract.name], contract.name, guidance, check.ignored_import_count, said.get()))
    linted = Linted(report.module_count, report.import_count, {})
    print(json.dumps({**asdict(linted), "contracts": [asdict(each) for each in contracts]}))


if __name__ == "__main__":
    main(tuple(sys.argv[1:]))
