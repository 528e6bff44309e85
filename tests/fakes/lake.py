"""A lake in memory, that can refuse to take what belongs to some partitions."""

from contexts.analytics.lake import LakeUnavailable


class FakeLake:
    def __init__(self, *, refuses: str | None = None) -> None:
        self.objects: dict[str, bytes] = {}
        self.writes: list[str] = []
        self.refuses = refuses

    def put(self, name: str, content: bytes) -> None:
        if self.refuses is not None and self.refuses in name:
            raise LakeUnavailable(f"{name}: SlowDown")
        self.writes.append(name)
        self.objects[name] = content
