"""Ports of this machine."""

import socket

LOCALHOST = "127.0.0.1"
DEFAULT_PORT = 4566


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
