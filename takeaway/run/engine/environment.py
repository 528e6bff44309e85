"""The engine's environment: an allow-list, because every function that it runs inherits all of it."""

import os
from pathlib import Path

ACCOUNT = "000000000000"
REGION = "us-east-1"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
PASSED_ON = ("LANG", "LC_ALL", "TZ")


def functions_at_once(cores: int | None = None) -> int:
    """As many as keep every core busy while some wait for an answer; each costs about 70 MB."""
    return min(16, max(4, 2 * (cores or os.cpu_count() or 2)))


def engine_environment(*, port: int, scratch: Path) -> dict[str, str]:
    """All that MiniStack gets to see. No proxy, certificate bundle or credential of this machine is among it."""
    passed_on = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return {
        **passed_on,
        **CREDENTIALS,
        "AWS_DEFAULT_REGION": REGION,
        "MINISTACK_REGION": REGION,
        "PATH": "/usr/bin:/bin",
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "PYTHONUNBUFFERED": "1",
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",  # would listen on all interfaces
        "LAMBDA_ACCOUNT_CONCURRENCY": str(functions_at_once()),
        "LAMBDA_WARM_TTL_SECONDS": "60",
        # Calls wait in a thread each, those that wait for a free function too; functions need some to call back.
        "MINISTACK_WORKER_THREADS": "256",
    }
