from __future__ import annotations

import hashlib
import os

import pytest

from saksgang.lib import files

pytestmark = pytest.mark.once


def test_what_is_kept_is_read_back_by_its_hash():
    content = os.urandom(200_000)
    sha256 = files.keep(content)
    assert sha256 == hashlib.sha256(content).hexdigest()
    assert files.read(sha256) == b"".join(files.chunks(sha256)) == content


def damage(sha256: str, content: bytes) -> None:
    place = files.path_of(sha256)
    place.chmod(0o600)
    place.write_bytes(content)


@pytest.mark.parametrize("content", [b"", b"hello worl", b"hello worlds", b"jello world"])
def test_what_is_cut_short_or_changed_is_never_read_and_keeping_it_again_mends_it(content):
    sha256 = files.keep(b"hello world")
    damage(sha256, content)
    assert not files.is_whole(sha256)
    with pytest.raises(files.Damaged):
        files.read(sha256)
    with pytest.raises(files.Damaged):
        files.chunks(sha256)
    assert files.keep(b"hello world") == sha256
    assert files.read(sha256) == b"hello world"


def test_keeping_the_same_again_is_free():
    sha256 = files.keep(b"abc")
    before = files.path_of(sha256).stat().st_mtime_ns
    assert files.keep(b"abc") == sha256
    assert files.path_of(sha256).stat().st_mtime_ns == before


def test_bytes_that_are_gone_say_so():
    with pytest.raises(FileNotFoundError):
        files.read("0" * 64)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "0" * 63, "G" * 64, "A" * 64, "0" * 62 + "/.", "\x00" * 64])
def test_s08_a_name_that_is_no_hash_leads_nowhere(name):
    with pytest.raises(ValueError, match="sha256"):
        files.path_of(name)


def test_a_write_that_fails_leaves_nothing_behind(monkeypatch):
    def broken(*_args):
        raise OSError("disk full")

    monkeypatch.setattr(os, "rename", broken)
    content = os.urandom(100)
    with pytest.raises(OSError, match="disk full"):
        files.keep(content)
    place = files.path_of(hashlib.sha256(content).hexdigest())
    assert not place.exists()
    assert list(place.parent.glob(".new-*")) == []


def test_others_on_the_machine_cannot_look_in():
    path = files.path_of(files.keep(os.urandom(10)))
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
