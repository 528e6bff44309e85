"""Serve the console on this machine until Ctrl-C."""

import secrets
import socket
import webbrowser
from collections.abc import Callable
from threading import Thread

import uvicorn

from takeaway.errors import NotInstalled, PortInUse
from takeaway.run.client.target import Target
from takeaway.run.console import acts
from takeaway.run.console.app import MORPH, application
from takeaway.run.console.guard import Guard
from takeaway.run.console.requests import Console
from takeaway.run.console.systems import Systems
from takeaway.waiting import inheriting

HOST = "127.0.0.1"
READ_ONLY = "This console only watches: start it with --no-read-only to change something."
GRACE_SECONDS = 3  # longer than the grace period of a page's connection in live.py


def serve(
    find: Callable[[], Target],
    *,
    stage: str,
    port: int,
    read_only: bool,
    opens: bool,
    orders: int,
    listens: Callable[[str], None],
) -> None:
    """Serve until Ctrl-C; `listens` gets the URL once it answers. Port 0 takes a free port.

    Raises PortInUse, and NotInstalled when the pages' script is missing.
    """
    if not MORPH.exists():
        raise NotInstalled("What the console's pages run")
    with _bound(port) as bound:
        port = bound.getsockname()[1]
        token, why = secrets.token_urlsafe(), READ_ONLY if read_only else ""
        systems = Systems(find, stage)
        app = application(Console(systems, token, why))
        hosts = [f"{name}:{port}" for name in (HOST, "localhost")]
        guarded = Guard(app, hosts=hosts, token=token, read_only=why)
        # Fills a cache that takes a second, so that the first page does not wait for it.
        Thread(target=inheriting(acts.calls_of), daemon=True).start()
        address = f"http://{HOST}:{port}/"
        listens(address)
        if orders:
            first = systems.of(stage)
            first.traffic.start(first.system, orders)
        if opens:
            webbrowser.open(address)
        config = uvicorn.Config(
            guarded, log_level="warning", access_log=False, timeout_graceful_shutdown=GRACE_SECONDS, lifespan="off"
        )
        try:
            uvicorn.Server(config).run(sockets=[bound])
        except KeyboardInterrupt:
            return
        finally:
            systems.end()


def _bound(port: int) -> socket.socket:
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((HOST, port))
    except OSError:
        bound.close()
        raise PortInUse(port) from None
    bound.listen()
    return bound
