"""How a stage may be called: whoever deploys one, and whoever only talks to one, has the same rule."""

PRODUCTION = "prod"  # the one stage whose data outlives it
MAX_STAGE = 12  # keeps the longest name made from it under 64 characters
EXPECTED = f"up to {MAX_STAGE} lower-case letters and digits"


def is_stage(name: str) -> bool:
    return name.isascii() and name.isalnum() and name.islower() and len(name) <= MAX_STAGE
