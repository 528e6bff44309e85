"""`python -m takeaway.docs` writes the generated sections anew; `--check` only says which ones are not current."""

import argparse
import sys
from pathlib import Path

from takeaway.docs import pages, sections


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m takeaway.docs", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail when a page is not current")
    check = parser.parse_args().check
    root = Path(__file__).parents[2]
    stale = {**sections.outdated(root), **pages.outdated(root)}
    for path, text in stale.items():
        if not check:
            (root / path).write_text(text, encoding="utf-8")
        print(f"{path}: {'not current, run `make docs`' if check else 'written'}")
    if not stale:
        print("every generated page is current")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
