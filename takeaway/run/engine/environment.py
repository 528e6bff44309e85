"""What the engine gets of this machine: a port, and an environment.

That is an allow-list, because every function that the engine runs inherits all of it.
"""

import os
import socket
from pathlib import Path

ACCOUNT = "000000000000"
REGION = "us-east-1"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
PASSED_ON = ("LANG", "LC_ALL", "TZ")
LOCALHOST = "127.0.0.1"
DEFAULT_PORT = 4566


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


def is_free(port: int) -> bool:
    """Whether an engine could listen there: nobody answers, and it can be bound."""
    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex((LOCALHOST, port)) == 0:
            return False
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((LOCALHOST, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A port that nobody uses at this moment."""
    with socket.socket() as listener:
        listener.bind((LOCALHOST, 0))
        port: int = listener.getsockname()[1]
        return port
