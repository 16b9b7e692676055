from saksgang.tickets.models import Ticket
from saksgang.upkeep import import_command
from tests.upkeep.old_desk import case, write


def test_it_reports_counts_before_and_after(db, tmp_path, capsys):
    write(tmp_path, [case(17), case(18)])
    assert import_command.run([str(tmp_path), "--dry-run"]) == 0
    assert "2 cases would be imported" in capsys.readouterr().out
    assert import_command.run([str(tmp_path), "--system", "gammel"]) == 0
    said = capsys.readouterr().out
    assert "2 lines in tickets.jsonl" in said
    assert "Cases: 0 before, 2 after." in said
    assert "Messages: 0 before, 4 after." in said
    assert Ticket.objects.filter(old_system="gammel").count() == 2
    assert import_command.run([str(tmp_path), "--system", "gammel"]) == 0
    assert "0 cases imported, 2 were here already." in capsys.readouterr().out


def test_it_fails_on_a_wrong_line_and_without_cases(db, tmp_path, capsys):
    assert import_command.run([str(tmp_path)]) == 1
    assert "holds no tickets.jsonl" in capsys.readouterr().out
    write(tmp_path, [case(17), case(17)])
    assert import_command.run([str(tmp_path)]) == 1
    assert "1 lines are wrong" in capsys.readouterr().out
