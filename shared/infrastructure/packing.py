"""Packs an assembly so that it can be deployed from anywhere: with the bundles of all functions inside, built once.

`python -m shared.infrastructure.packing contexts/promotions/cdk.out` packs one in place. The same bytes that were
tested in one stage are then deployed to the next, whatever has been committed since. Needs the standard library only.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path


def pack(assembly: Path) -> list[Path]:
    """Build every bundle that has to be built, and copy it into the assembly; return the bundles.

    An assembly that is packed already stays as it is. Raises CalledProcessError if a bundle can't be built.
    """
    bundles = []
    for file in sorted(assembly.glob("*.assets.json")):
        manifest = json.loads(file.read_text(encoding="utf-8"))
        for asset in manifest["files"].values():
            if command := asset["source"].get("executable"):
                bundle = _within(assembly, _built(command))
                asset["source"] = {"path": bundle.name, "packaging": "file"}
                bundles.append(bundle)
        file.write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    return sorted(set(bundles))


def _built(command: list[str]) -> Path:
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - the app's own
    return Path(done.stdout.strip()).resolve()


def _within(assembly: Path, bundle: Path) -> Path:
    """Return the bundle's path in the assembly, copying it there if it is not; an assembly may have been moved."""
    if bundle.parent != assembly.resolve():
        shutil.copy2(bundle, assembly)
    return assembly / bundle.name


def main(arguments: list[str]) -> None:
    if len(arguments) != 1 or not list(Path(arguments[0]).glob("*.assets.json")):
        sys.exit(
            "expected the folder of an assembly, such as contexts/promotions/cdk.out, as `npx cdk synth` writes it"
        )
    for bundle in pack(Path(arguments[0])):
        print(f"{bundle.name}: {bundle.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main(sys.argv[1:])
