"""The issuer that the templates name, as far as the API asks it: its documents come from memory, and nothing else."""

import io
import json
import urllib.request
from email.message import Message
from functools import partial
from pathlib import Path
from typing import Any
from urllib.response import addinfourl

from takeaway.issuer import LocalIssuer


class _FromMemory(urllib.request.BaseHandler):
    handler_order = 100  # before those that would go to the network

    def __init__(self, issuer: LocalIssuer) -> None:
        self._documents = {issuer.address(path): document for path, document in issuer.documents().items()}

    def https_open(self, request: urllib.request.Request) -> addinfourl:
        content = json.dumps(self._documents[request.full_url]).encode()
        answer: Any = addinfourl(io.BytesIO(content), Message(), request.full_url, code=200)
        answer.msg = "OK"
        return answer  # type: ignore[no-any-return]


def in_memory(url: str, folder: Path) -> LocalIssuer:
    """From now on whoever asks it in this process gets its keys."""
    issuer = LocalIssuer(url, folder / "key.pem")
    # whichever way it is asked, with a redirection or without: every opener begins there
    urllib.request.build_opener = partial(urllib.request.build_opener, _FromMemory(issuer))
    return issuer
