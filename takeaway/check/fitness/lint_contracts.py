"""Check the import rules of the working directory with import-linter, and print the result as JSON.

It runs as a process of its own and imports nothing of this repository, because import-linter imports the packages of
the working directory, which may be another tree.
"""

import json
import os
import sys

LINE = 1000  # so wide that import-linter wraps no line


def main(only: tuple[str, ...]) -> None:
    sys.path[0] = os.getcwd()  # noqa: PTH109 - instead of the folder of this file
    from importlinter import configuration  # noqa: PLC0415
    from importlinter.application import output, use_cases  # noqa: PLC0415

    configuration.configure()
    output.console.width = LINE
    options = use_cases.read_user_options()
    use_cases._register_contract_types(options)
    with output.console.capture():  # hides its progress
        report = use_cases.create_report(options, only, cache_dir=None)
    if report.could_not_run:
        sys.exit(f"the contracts are not valid: {report.invalid_contract_options}")
    ids = {each["name"]: each["id"] for each in options.contracts_options}
    contracts = []
    for contract, check in report.get_contracts_and_checks():
        with output.console.capture() as said:
            if not check.kept:
                contract.render_broken_contract(check)
        contracts.append(
            {
                "id": ids[contract.name],
                "name": contract.name,
                "guidance": contract.contract_options.get("broken_contract_guidance", ""),
                "ignored": check.ignored_import_count,
                "broken": said.get(),
            }
        )
    print(json.dumps({"modules": report.module_count, "imports": report.import_count, "contracts": contracts}))


if __name__ == "__main__":
    main(tuple(sys.argv[1:]))
