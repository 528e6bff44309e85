"""A lake on S3 and one in a folder keep the same promises."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.stub import Stubber
from moto import mock_aws

from contexts.analytics.folder_lake import FolderLake
from contexts.analytics.lake import S3Lake
from contexts.analytics.ports import Conflict, Lake, LakeUnavailable
from tests.fakes import aws


@pytest.fixture(params=["s3", "folder"])
def lake(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Lake]:
    if request.param == "folder":
        yield FolderLake(tmp_path / "lake")
        return
    with mock_aws():
        client = aws.client("s3", "us-east-1")
        client.create_bucket(Bucket="lake")
        yield S3Lake(client, "lake")


def content(lake: Lake, name: str, folder: Path) -> bytes | None:
    found = lake.fetch([name], folder)
    return found[0].read_bytes() if found else None


def test_what_is_put_is_listed_fetched_and_deleted(lake: Lake, tmp_path: Path) -> None:
    for name in ("raw/b", "raw/a", "new/a"):
        lake.put(name, name.encode())
    assert sorted(lake.names("raw/")) == ["raw/a", "raw/b"]
    files = lake.fetch(["raw/b", "raw/gone", "new/a"], tmp_path)
    assert [file.read_bytes() for file in files] == [b"raw/b", b"new/a"]
    lake.delete(["raw/a", "raw/gone"])
    assert lake.names("raw/") == ["raw/b"]
    assert lake.names("nothing/") == []


def test_what_is_added_is_there_once_and_stays_as_it_was(lake: Lake, tmp_path: Path) -> None:
    for said in (b"first", b"second"):
        lake.add("raw/x", said)
        assert content(lake, "raw/x", tmp_path / said.decode()) == b"first"


def test_who_adds_at_the_same_time_as_another_is_told_to_come_again() -> None:
    """S3 answers 409 to one of two, and may have written neither."""
    client = aws.client("s3", "us-east-1")
    with Stubber(client) as stub:
        stub.add_client_error("put_object", "ConditionalRequestConflict", http_status_code=409)
        with pytest.raises(LakeUnavailable, match="ConditionalRequestConflict"):
            S3Lake(client, "lake").add("raw/x", b"")


def test_a_replacement_needs_the_version_that_it_was_made_from(lake: Lake, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"first")
    assert lake.version("curated/x") is None
    lake.replace("curated/x", file, expected=None)
    with pytest.raises(Conflict):
        lake.replace("curated/x", file, expected=None)
    version = lake.version("curated/x")
    file.write_bytes(b"second")
    lake.replace("curated/x", file, expected=version)
    assert content(lake, "curated/x", tmp_path / "got") == b"second"
    file.write_bytes(b"third")
    with pytest.raises(Conflict):
        lake.replace("curated/x", file, expected=version)
    assert content(lake, "curated/x", tmp_path / "got") == b"second"


def test_more_objects_than_one_call_deletes_are_deleted(lake: Lake) -> None:
    names = [f"new/{number}" for number in range(1001)]
    if isinstance(lake, S3Lake):
        aws.filled(lake.bucket, names)
    else:
        for name in names:
            lake.put(name, b"")
    assert len(lake.names("new/")) == len(names)
    lake.delete(names)
    assert lake.names("new/") == []


def test_a_bucket_that_is_gone_is_an_unavailable_lake(tmp_path: Path) -> None:
    with mock_aws():
        lake = S3Lake(aws.client("s3", "us-east-1"), "nowhere")
        for call in (
            lambda: lake.names("raw/"),
            lambda: lake.put("raw/x", b""),
            lambda: lake.delete(["raw/x"]),
        ):
            with pytest.raises(LakeUnavailable, match="NoSuchBucket"):
                call()


def test_no_more_names_are_asked_for_than_are_wanted_and_each_has_its_version(lake: Lake) -> None:
    for number in range(5):
        lake.put(f"raw/{number}", b"")
    assert len(lake.names("raw/", most=2)) == 2
    assert len(lake.names("raw/", most=9)) == 5
    assert lake.versions("raw/") == {name: lake.version(name) for name in lake.names("raw/")}
    if isinstance(lake, S3Lake):
        with aws.counted(lake.client) as asked:
            lake.names("raw/", most=2)
        assert asked == ["ListObjectsV2"]


def test_each_raw_object_is_one_request(tmp_path: Path) -> None:
    with mock_aws():
        client = aws.client("s3", "us-east-1")
        client.create_bucket(Bucket="lake")
        aws.filled("lake", [f"raw/{number}" for number in range(5)], b"line")
        with aws.counted(client) as asked:
            found = S3Lake(client, "lake").fetch([f"raw/{number}" for number in range(6)], tmp_path)
        assert [file.read_bytes() for file in found] == [b"line"] * 5
        assert asked == ["GetObject"] * 6
