"""Choose the engine's port, and make the environment that it runs in.

The environment is an allow-list, because every function that the engine runs inherits all of it.
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
    """Return how many functions may run at once: two per core, because some wait for answers, from 4 to 16.

    Each takes about 70 MB of memory.
    """
    return min(16, max(4, 2 * (cores or os.cpu_count() or 2)))


def engine_environment(*, port: int, scratch: Path) -> dict[str, str]:
    """Return MiniStack's whole environment: without this machine's proxies, certificate bundles and credentials."""
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
        "IOT_MTLS_ENABLED": "0",  # if enabled, it would listen on all network interfaces
        "LAMBDA_ACCOUNT_CONCURRENCY": str(functions_at_once()),
        "LAMBDA_WARM_TTL_SECONDS": "60",
        # Each call takes a thread, also while it waits for a free function; functions' own calls need threads too.
        "MINISTACK_WORKER_THREADS": "256",
    }


def is_free(port: int) -> bool:
    """True if an engine could listen on the port: nothing answers there, and it can be bound."""
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
    """Return a port that is free at this moment; another process may take it, so callers must be ready to try again."""
    with socket.socket() as listener:
        listener.bind((LOCALHOST, 0))
        port: int = listener.getsockname()[1]
        return port
