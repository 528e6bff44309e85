"""The rule for names of stages, the same for those who deploy one and those who only talk to one."""

PRODUCTION = "prod"  # the only stage whose data outlives its stacks
MAX_STAGE = 12  # so that the longest name with a stage in it stays below AWS's limit of 64 characters
EXPECTED = f"up to {MAX_STAGE} lower-case letters and digits"


def is_stage(name: str) -> bool:
    return name.isascii() and name.isalnum() and name.islower() and len(name) <= MAX_STAGE
