"""Write the generated pages and sections anew: `python -m takeaway.study.docs`; `--check` only names outdated ones."""

import argparse
import sys
from pathlib import Path

from cogapp.cogapp import CogError

from takeaway.paths import REPOSITORY
from takeaway.run.cli.command_classes import as_program
from takeaway.study.docs import generated


def main(root: Path = REPOSITORY) -> int:
    parser = argparse.ArgumentParser(prog="python -m takeaway.study.docs", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail when a page is not current")
    check = parser.parse_args().check
    try:
        stale: dict[str, str | None] = {
            **generated.outdated_sections(root),
            **generated.outdated_pages(root),
        }
    except CogError as error:
        sys.exit(str(error))
    for path, text in stale.items():
        if text is not None and not check:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        elif not check:
            (root / path).unlink()
        print(f"{path}: {'not current, run `make docs`' if check else 'removed' if text is None else 'written'}")
    if not stale:
        print("every generated page is current")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(as_program(main))
