"""The systems that can be deployed. They differ in how orders are wired; app.py and examples/ have what each is."""

from enum import StrEnum


class Wiring(StrEnum):
    HYBRID = "hybrid"  # orchestrates within, choreographs between: the default
    CHOREOGRAPHED = "choreographed"
    ORCHESTRATED = "orchestrated"
