import pytest
from tests.acceptance.conftest import let_in
from tests.acceptance.test_everyone_can_use_it import numbers
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
S="/tmp/access_shots/"
def test_tmp(lively_desk, page):
    d=lively_desk; n=numbers(d)
    page.emulate_media(reduced_motion="reduce")
    for lang in ("nb",):
      page.goto(d.url+"/sign-in"); page.screenshot(path=S+"signin.png", full_page=True)
      page.goto(d.url+"/accessibility"); page.screenshot(path=S+"acc.png", full_page=True)
      page.set_viewport_size({"width":320,"height":800}); page.screenshot(path=S+"acc320.png", full_page=True)
    let_in(page.context, d, d.cast.kari)
    page.set_viewport_size({"width":1440,"height":900})
    page.goto(d.url+f"/tickets/{n['number']}")
    page.click("summary.menu-button"); page.screenshot(path=S+"menu.png"); page.keyboard.press("Escape")
    for i in range(3):
      for scheme in ("light","dark"):
        page.emulate_media(color_scheme=scheme)
        print(scheme, page.evaluate("[...document.querySelectorAll('.banner a')].map(a=>[a.getAttribute('href'),getComputedStyle(a).color,getComputedStyle(a).transitionProperty,getComputedStyle(a).transitionDuration, getComputedStyle(a.closest('.banner')).color])"))
    page.emulate_media(color_scheme="light")
    page.goto(d.url+f"/tickets/{n['number']}/answer")
    page.set_viewport_size({"width":718,"height":1000}); page.emulate_media(media="print")
    page.screenshot(path=S+"ticket-print.png", full_page=True)
    page.goto(d.url+"/queue?show=all"); page.screenshot(path=S+"queue-print.png", full_page=True)
    page.goto(d.url+"/"); page.screenshot(path=S+"front-print.png", full_page=True)
    page.goto(d.url+f"/tickets/{n['number']}/history"); page.screenshot(path=S+"history-print.png", full_page=True)
    page.emulate_media(media="screen", forced_colors="active")
    page.set_viewport_size({"width":1440,"height":900})
    page.goto(d.url+f"/tickets/{n['number']}/assessment"); page.wait_for_load_state("networkidle"); page.screenshot(path=S+"ticket-forced.png", full_page=True)
    page.goto(d.url+"/queue?show=all"); page.screenshot(path=S+"queue-forced.png")
