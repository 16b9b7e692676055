from tests.console.case.help import browser


def test_the_page_of_components_is_for_those_who_are_signed_in(cast):
    assert browser(cast.kari).get("/components").status_code == 200
    assert browser(None).get("/components").status_code == 302
