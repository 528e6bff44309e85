"""Check the file of a page before a command works or waits for what goes into it."""

from pathlib import Path

from takeaway.errors import TakeawayError
from takeaway.unseen import visible


def writable(option: str, file: Path) -> Path:
    """Return the file if it can be written, and leave it as it is. Raises TakeawayError, which names the option."""
    try:
        is_new = not file.exists()
        with file.open("a", encoding="utf-8"):
            pass
        if is_new:
            file.unlink()
    except OSError as error:
        raise TakeawayError(
            f"{option}: expected a file that can be written, got {visible(str(file))}: {error.strerror}."
        ) from None
    return file
