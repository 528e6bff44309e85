"""Text from outside: refused at the entry, or shown safely."""

import io
import json
import os
from pathlib import Path

import pytest

from takeaway.errors import Refused, TakeawayError, UsageError
from takeaway.text import DEEPEST, LONGEST_LINE, MOST_BYTES, STDIN, counted, document, header, one_line
from takeaway.unseen import inert_json, visible


@pytest.mark.parametrize("text", ["We are out of fish.", "さくら", "O'Neill [red]", "🍕", "a=b", "-1"])
def test_a_line_in_any_script_is_taken_as_it_is(text: str) -> None:
    assert one_line("--reason", text) == text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "expected a text, got nothing"),
        (" \t", "expected a text, got nothing"),
        ("x" * (LONGEST_LINE + 1), "expected at most 1,000 characters"),
        ("caf\udce9", r"expected text in UTF-8, got “caf\\udce9”"),
        ("two\nlines", r"control characters, got “two\\x0alines”"),
        ("\x1b[31m", "control characters"),
        ("\x9b31m", "control characters"),
        ("two\u2028lines", "control characters"),
    ],
)
def test_what_is_no_line_of_text_is_refused_with_the_name_of_its_option(text: str, told: str) -> None:
    with pytest.raises(UsageError, match=f"^--reason: .*{told}"):
        one_line("--reason", text)


@pytest.mark.parametrize("text", ["ключ", "a\nb", "", " lunch", "lunch ", "caf\udce9", "tab\t"])
def test_what_no_http_header_can_carry_is_refused_before_it_is_sent(text: str) -> None:
    with pytest.raises(UsageError, match="--idempotency-key: expected printable ASCII characters"):
        header("--idempotency-key", text)


def test_a_document_is_read_from_a_file_and_its_byte_order_mark_is_no_riddle(tmp_path: Path) -> None:
    file = tmp_path / "order.json"
    file.write_bytes(b'\xef\xbb\xbf{"note": "\xe3\x81\x95"}')
    assert document(file) == {"note": "さ"}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"{", "Not JSON: .*column 2"),
        (b"", "Not JSON"),
        (b"\x00\x01\xfe\xff", "expected text in UTF-8"),
        (b'{\n"name": "caf\xe9"}', "expected text in UTF-8, line 2 has none"),
        (b'{"amount": NaN}', "NaN is no number there"),
        (b'{"amount": -Infinity}', "-Infinity is no number there"),
        (b'{"amount": 1e999}', "Not JSON"),
        (b'{"amount": ' + b"9" * 5000 + b"}", "Not JSON"),
        (rb'{"name": "\ud800"}', "half of a surrogate pair"),
        (b"[" * 100_000, f"at most {DEEPEST} deep"),
        (b"[" * 500 + b"]" * 500, f"at most {DEEPEST} deep"),
        (b" " * (MOST_BYTES + 1), "at most 1,048,576 bytes"),
    ],
)
def test_a_document_that_could_not_be_sent_on_is_told(tmp_path: Path, content: bytes, told: str) -> None:
    file = tmp_path / "order.json"
    file.write_bytes(content)
    with pytest.raises(TakeawayError, match=told):
        document(file)


@pytest.mark.parametrize("name", ["", "missing", "missing/order.json", "x" * 300, "\udcff"])
def test_a_path_that_is_no_file_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(TakeawayError, match="can't be read"):
        document(tmp_path / name)


def test_a_device_that_never_ends_is_not_read_to_its_end() -> None:
    with pytest.raises(TakeawayError, match="got more"):
        document(Path("/dev/zero"))


def test_a_pipe_is_read_like_a_file() -> None:
    read, write = os.pipe()
    os.write(write, b'{"items": []}')
    os.close(write)
    assert document(Path(f"/dev/fd/{read}")) == {"items": []}
    os.close(read)


def test_standard_input_is_read_as_utf_8_whatever_the_terminal_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO("“さ”".encode()[3:6] + b'\n"'), encoding="latin-1"))
    with pytest.raises(TakeawayError, match="standard input: Not JSON"):
        document(STDIN)
    monkeypatch.setattr("sys.stdin", None)  # closed
    with pytest.raises(TakeawayError, match="standard input: Not JSON"):
        document(STDIN)


@pytest.mark.parametrize(("text", "count"), [("0", 0), ("7", 7), ("200", 200), ("0007", 7), ("000", 0)])
def test_a_number_of_plain_digits_is_counted_whatever_stands_before_it(text: str, count: int) -> None:
    assert counted(text, most=200) == count


@pytest.mark.parametrize("text", ["", "201", "0201", "0002000", "-1", "+1", " 1", "1.0", "1e2", "²", "٣", "9" * 5000])
def test_what_is_no_number_within_the_bound_is_not_counted(text: str) -> None:
    assert counted(text, most=200) is None


def test_characters_that_act_are_spelled_out_and_others_are_not() -> None:
    assert visible("\x1b[31mEve\r\n\x9b2J\u202e\u2066\ufeff") == r"\x1b[31mEve\x0d\x0a\x9b2J\u202e\u2066\ufeff"
    assert visible("Zoë, 山田, مها, [red] 🍕") == "Zoë, 山田, مها, [red] 🍕"


def test_json_says_the_same_without_them() -> None:
    said = {"name": "\x1b]0;x\x07\x9b\u202e\x7f さ"}
    shown = inert_json(json.dumps(said, ensure_ascii=False))
    assert json.loads(shown) == said
    assert "さ" in shown
    assert visible(shown) == shown


def test_what_the_api_says_can_not_act_either() -> None:
    assert str(Refused(400, "Bad\x1b[31m", "two\nlines")) == r"Bad\x1b[31m: two\x0alines (400)"
