import pytest

from saksgang.tickets.rules.resolutions import says_nothing

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    "words",
    [
        "",
        "   ",
        "\n\t",
        "løst",
        "Løst.",
        "ok!",
        "OK",
        "Fikset :-)",
        "ok, løst",
        "løyst",
        "ferdig...",
        "!!!",
        "Done",
        "–",
    ],
)
def test_words_that_tell_the_requester_nothing_are_no_solution(words):
    assert says_nothing(words)


@pytest.mark.parametrize(
    "words",
    [
        "Vi låste opp kontoen din.",
        "Løst ved å starte skriveren på nytt",
        "Passordet er nullstilt",
        "Byttet kabel.",
        "ok nå som serveren er oppe",
    ],
)
def test_a_sentence_about_what_was_done_is_a_solution(words):
    assert not says_nothing(words)
