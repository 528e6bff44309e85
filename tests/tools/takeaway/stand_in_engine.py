"""A misbehaving program that `takeaway` starts in place of the engine."""

import http.server
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path


class Health(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/_ministack/health" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


def main() -> None:
    if "--die" in sys.argv:
        raise SystemExit("no such planet")
    if "--late" in sys.argv:
        raise SystemExit(f"ERROR: 127.0.0.1:{os.environ['GATEWAY_PORT']} is already in use.")
    stubborn = "--stubborn" in sys.argv
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " if stubborn else ""
    child = subprocess.Popen([sys.executable, "-c", f"{deaf}import time; time.sleep(600)"])
    Path("child.pid").write_text(str(child.pid))
    if stubborn:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if "--mute" in sys.argv:
        threading.Event().wait()
    http.server.HTTPServer(("127.0.0.1", int(os.environ["GATEWAY_PORT"])), Health).serve_forever()


if __name__ == "__main__":
    main()
