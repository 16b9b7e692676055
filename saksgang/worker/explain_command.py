"""`saksgang mail explain FILE…` says what a desk without any case would make of each mail. Needs no database and no settings."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from saksgang.inbound.explaining import explain, unexplained

_AT_ONCE = 1_000_000


def run(arguments: list[str]) -> int:
    """One JSON line a file on standard output, in the files' order. Ends with 0 whatever the files are."""
    parser = argparse.ArgumentParser(prog="saksgang mail explain", description=__doc__)
    parser.add_argument("--own", action="append", default=[], metavar="ADDRESS", help="an address of the desk itself")
    parser.add_argument("files", nargs="*", metavar="FILE", help="a raw mail")
    options = parser.parse_args(arguments)
    own = frozenset(address.strip().lower() for address in options.own)
    try:
        _print((_line(_explained(name, own)) for name in options.files), sys.stdout.buffer)
    except BrokenPipeError:
        _turn_output_away()  # whoever read the lines has seen enough
    except OSError as error:
        _turn_output_away()
        print(f"The lines could not be written: {error}", file=sys.stderr)  # noqa: T201 - the command's answer
        return 1
    return 0


def _explained(name: str, own_addresses: frozenset[str]) -> dict[str, Any]:
    try:
        with open(name, "rb") as file:
            raw = file.read()
    except (OSError, ValueError, MemoryError) as error:
        return unexplained(f"the file could not be read ({type(error).__name__})")
    return explain(raw, own_addresses=own_addresses)


def _line(told: dict[str, Any]) -> bytes:
    # Half a character, which UTF-8 cannot say, becomes «?»; no lengths change, and one odd mail never stops the others.
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"


def _print(lines: Iterable[bytes], output: BinaryIO) -> None:
    for piece in _pieces(lines):
        output.write(piece)
    output.flush()


def _pieces(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The lines in few large pieces: fewer calls, and memory bounded by the largest mail."""
    waiting, size = [], 0
    for line in lines:
        waiting.append(line)
        size += len(line)
        if size >= _AT_ONCE:
            yield b"".join(waiting)
            waiting, size = [], 0
    yield b"".join(waiting)


def _turn_output_away() -> None:
    """Python would complain once more when it closes the output at its end."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        return
