from saksgang.tickets.actions import assignment


def test_take(cast):
    ticket = assignment.take(ticket=cast.case(), by=cast.kari)
    assert ticket.assignee == cast.kari
