"""What long commands say while they work, and that Ctrl+C ends them cleanly, with words, on a real terminal."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from saksgang.upkeep import progress as progress_module
from saksgang.upkeep.progress import note, progress, stoppable
from tests.upkeep.places import SAKSGANG, Place, filled, migrated, place, server_of_this_run

SECONDS = 60


def _hears_ctrl_c() -> None:
    """Tests in the background of a shell inherit that it is ignored, and a program that ignores it at its start goes on doing so."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Terminal:
    """A program on a terminal of its own: standard error and input are the terminal, standard output is a pipe."""

    def __init__(self, arguments: list[str | Path], environment: dict[str, str]) -> None:
        self.master, terminal = pty.openpty()
        self.program = subprocess.Popen(
            arguments, env=environment, stdin=terminal, stderr=terminal, stdout=subprocess.PIPE, start_new_session=True,
            preexec_fn=_hears_ctrl_c,
        )  # fmt: skip
        os.close(terminal)
        self.said = ""

    def read_until(self, words: str) -> str:
        end = time.monotonic() + SECONDS
        while words not in self.said and time.monotonic() < end:
            if select.select([self.master], [], [], 0.2)[0]:
                try:
                    self.said += os.read(self.master, 65536).decode(errors="replace")
                except OSError:  # it has closed its end
                    break
        return self.said

    def press_ctrl_c(self) -> tuple[int, str, str]:
        """The exit code, what stood on the terminal, and what was answered."""
        os.killpg(self.program.pid, signal.SIGINT)
        self.read_until("\0")
        answered = self.program.communicate(timeout=SECONDS)[0].decode()
        os.close(self.master)
        return self.program.returncode, self.said, answered


# Each part waits until the test has seen its bar: a command that is quick here is stopped at the same place each time.
HALTING = """
import sys, time
from saksgang.upkeep import progress
part, after = sys.argv[1], int(sys.argv[2])
plain = progress._Part.step
def step(self, number=1):
    plain(self, number)
    if self.what == part and self.done >= after:
        time.sleep(60)
progress._Part.step = step
sys.argv = ["saksgang", *sys.argv[3:]]
from saksgang.cli import main
main()
"""


def halted(where: Place, part: str, after: int, *arguments: str | Path) -> Terminal:
    words = [str(after), *map(str, arguments)]
    return Terminal([sys.executable, "-c", HALTING, part, *words], where.environment)


@pytest.fixture(scope="module")
def desk():
    with place(server_of_this_run(), like=filled(server_of_this_run())) as made:
        yield made


@pytest.fixture
def empty():
    with place(server_of_this_run()) as made:
        yield made


def ended_cleanly(terminal: Terminal, mark: str) -> str:
    """Presses Ctrl+C when the bar shows `mark`. What stood on the terminal."""
    assert mark in terminal.read_until(mark)
    code, said, answered = terminal.press_ctrl_c()
    assert code == 130, said
    assert "Traceback" not in said
    assert "Stopped." in said
    assert answered == "", "nothing but an answer stands on standard output"
    return said


def test_a_backup_that_is_stopped_leaves_nothing(desk, tmp_path):
    said = ended_cleanly(halted(desk, "Files", 2, "backup", "--to", tmp_path), " 2/")
    assert "Files: 2 of " in said
    assert "No backup was made, and nothing of it was left." in said
    assert list(tmp_path.iterdir()) == []


def test_an_export_that_is_stopped_leaves_nothing(desk, tmp_path):
    said = ended_cleanly(halted(desk, "tickets.jsonl", 3, "export", tmp_path / "new"), " 3/5")
    assert "tickets.jsonl: 3 of 5 lines were done." in said
    assert "Nothing of the export was left." in said
    assert not (tmp_path / "new").exists()


def test_a_restore_that_is_stopped_leaves_the_place_empty_and_can_begin_again(desk, empty, tmp_path):
    backup = desk.back_up(tmp_path)
    said = ended_cleanly(halted(empty, "Files", 4, "restore", backup), " 4/")
    assert "Nothing was restored: the place is empty again." in said
    assert [path for path in empty.folder.rglob("*") if path.is_file()] == []
    empty.run("restore", "--verify", backup)


def test_an_import_that_is_stopped_keeps_what_is_in_and_goes_on(tmp_path):
    from tests.upkeep.old_desk import case, write

    write(tmp_path, [case(nth) for nth in range(450)])
    with place(server_of_this_run(), like=migrated(server_of_this_run())) as new:
        said = ended_cleanly(halted(new, "Cases", 400, "import", tmp_path), " 400/450")
        assert "Cases: 400 of 450 lines were done." in said
        assert "What was imported stays. Run the same command again for the rest." in said
        said = new.run("import", tmp_path)
    assert "Cases: 400 before, 450 after." in said


def test_a_check_that_is_stopped_says_how_far_it_came(desk):
    assert "Checking: 3 of " in ended_cleanly(halted(desk, "Checking", 3, "check"), " 3/")


# --- the words -----------------------------------------------------------------------------------------------------


def test_on_a_terminal_a_bar_with_rate_and_time_left(desk, tmp_path):
    terminal = halted(desk, "Files", 2, "backup", "--to", tmp_path)
    bar = terminal.read_until("2/")
    terminal.press_ctrl_c()
    assert "Files:" in bar
    assert "%|" in bar
    assert "folders" in bar


def test_elsewhere_a_line_now_and_then_on_standard_error_only(monkeypatch, capsys):
    monkeypatch.setattr(progress_module, "LINE_SECONDS", 0.01)
    seen = threading.Event()
    plain = progress_module.tqdm.format_meter

    def meter(*arguments, **options):
        seen.set()
        return plain(*arguments, **options)

    monkeypatch.setattr(progress_module.tqdm, "format_meter", staticmethod(meter))
    with progress("Cases", total=1000, unit="lines") as step:
        step(250)
        assert seen.wait(SECONDS)
    said = capsys.readouterr()
    assert said.out == ""
    assert "Cases:  25%" in said.err
    assert "250/1000" in said.err
    assert "\r" not in said.err


def test_a_short_command_says_nothing_beside_its_answer(desk, tmp_path):
    done = subprocess.run(
        [SAKSGANG, "backup", "--to", tmp_path],
        env=desk.environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_what_was_noted_is_told_in_order_and_the_code_is_130(capsys):
    @stoppable
    def run(_arguments: list[str]) -> int:
        note("First.")
        with progress("Work", total=9, unit="things") as step:
            step(4)
            raise KeyboardInterrupt

    before = signal.getsignal(signal.SIGINT)
    assert run([]) == 130
    assert capsys.readouterr().err.splitlines() == ["Stopped.", "First.", "Work: 4 of 9 things were done."]
    assert signal.getsignal(signal.SIGINT) is before, "the next command can be stopped too"


@pytest.mark.parametrize("made", ["database", "export", "backup"])
def test_what_a_command_makes_is_closed_to_others_whatever_the_umask(desk, empty, tmp_path, made):
    def loose() -> None:
        os.umask(0)

    command = {
        "database": ["migrate", "--verbosity", "0"], "export": ["export", tmp_path / "e"], "backup": ["backup", "--to", tmp_path / "b"],
    }[made]  # fmt: skip
    where = empty if made == "database" else desk
    subprocess.run(
        [SAKSGANG, *command], env=where.environment, check=True, capture_output=True, preexec_fn=loose, timeout=60
    )
    top = empty.folder if made == "database" else tmp_path
    found = [path for path in top.rglob("*") if not path.is_symlink()]
    assert found or server_of_this_run()
    assert [str(path) for path in found if path.stat().st_mode & 0o077] == []
