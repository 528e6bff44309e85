"""Runs the CDK app of the folder that it is started in, as the cdk.json there asks for.

It runs the code of the checkout in which this file lies, whatever is installed, so that two checkouts never mix.
"""

import sys
from importlib import import_module
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
sys.path[0] = str(CHECKOUT)

if __name__ == "__main__":
    here = Path.cwd().resolve()
    if not (here.is_relative_to(CHECKOUT) and (here / "infrastructure/app.py").is_file()):
        sys.exit(
            f"{here}: expected to be started in the folder of a context of {CHECKOUT}, such as contexts/promotions"
        )
    context = ".".join(here.relative_to(CHECKOUT).parts)
    import_module(f"{context}.infrastructure.app").CONTEXT.synthesize()
