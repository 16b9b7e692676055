from __future__ import annotations
from datetime import timedelta
import pytest
from django.conf import settings as st
from django.test import Client
from saksgang.catalogue import actions as catalogue
from saksgang.events.actions import Robot
from saksgang.events.alarms import raise_alarm
from saksgang.lib import clock
from saksgang.tickets.actions import answering, arrivals, outward, taking_back
from saksgang.tickets.actions.messages import Heard
from saksgang.people import actions as people
from saksgang.people.models import PersonKind
from tests.cast import SETUP
from tests.console.ticket_help import address, assessed
from tests.console.test_ticket import ledger

pytestmark = pytest.mark.browser
MAIL = Robot("mail")

def build(cast, settings):
    settings.UNDO_SECONDS = 60
    cast.nora
    heard = Heard("Hei, skriveren på vaktrommet svarer ikke.", "Nora Sykepleier", "nora@sykehus.example",
        copied=(("Dag Lege", "dag@sykehus.example"), ("Sengepost 3", "sengepost3@sykehus.example"), ("", "leder.med.langt.navn@sykehus.example")))
    ticket = assessed(cast, cast.case(subject="Skriver på sengepost 3 svarer ikke", heard=heard))
    sup = people.add_person(by=SETUP, name="Skriverservice", addresses=["sak@skriver.example"], kind=PersonKind.SUPPLIER)
    catalogue.add_supplier(by=SETUP, name="Skriverservice", domains=["skriver.example"], address="sak@skriver.example")
    catalogue.add_supplier(by=SETUP, name="Røntgenfabrikken", domains=["x.example"], address="service@x.example")
    outward.write(ticket=ticket, by=cast.kari, words="Hei, matehjulet er slitt.", to=["sak@skriver.example", "andre@skriver.example"])
    arrivals.receive_from_supplier(ticket=ticket, by=MAIL, heard=Heard("Vi sender et nytt. Fikset.", "Skriverservice", "sak@skriver.example"), person=sup, received_at=clock.now())
    arrivals.receive_direct(ticket=ticket, by=MAIL, heard=Heard("Hei, Nora. Jeg kommer innom.", "Knut Lie", "knut@ikt.sykehus.example", copied=(("Nora Sykepleier","nora@sykehus.example"),)), person=cast.knut, received_at=clock.now())
    a = answering.answer(ticket=ticket, by=cast.kari, words="Feil svar, ble sendt for fort.")
    taking_back.take_back(message=a, by=cast.kari)
    answering.note(ticket=ticket, by=cast.kari, words="Internt notat til sammenlikning.")
    arrivals.receive_thanks(ticket=ticket, by=MAIL, heard=Heard("Tusen takk!", "Nora Sykepleier", "nora@sykehus.example"), person=cast.nora, received_at=clock.now())
    outward.write(ticket=ticket, by=cast.kari, words="Takk, har dere et nummer?", to=["sak@skriver.example"])
    fw = cast.case(subject="VS: Får ikke skrevet ut", requesters=[cast.kari], heard=Heard("Se under", "Kari Nordmann", "kari@ikt.sykehus.example", inner=("Nora Sykepleier", "nora@sykehus.example"),
        inbound_id=None))
    row = ledger(cast, fw, reasons=[["acknowledgement", "enough_for_this_address"]])
    for kind, key in [("mailbox_failing","ikt"),("heartbeat_lost","e-helse"),("mailbox_count","ikt"),("relay_failing","relay"),("silent_mailbox","e-helse"),("mail_storm","*"),("mail_storm","maskin@sykehus.example")]:
        raise_alarm(kind=kind, key=key, by=MAIL, details="x")
    catalogue.announce(by=cast.kari, kind="outage", words="DIPS svarer ikke for noen. Vi jobber med det.", service=cast.dips)
    catalogue.announce(by=cast.kari, kind="planned", words="Telefonene er nede mens sentralen byttes.", service=cast.telephony, starts_at=clock.now()+timedelta(days=2), ends_at=clock.now()+timedelta(days=2, hours=3))
    return ticket, fw

def test_shots(live_server, context, live_cast, settings):
    ticket, fw = build(live_cast, settings)
    client = Client(); client.force_login(live_cast.kari.account)
    cookies = {"sessionid": client.cookies[st.SESSION_COOKIE_NAME].value, "language": "nb"}
    context.add_cookies([{"name": n, "value": v, "url": live_server.url} for n, v in cookies.items()])
    page = context.new_page()
    page.on("console", lambda s: print("CONSOLE", s.text))
    pages = {"ticket": address("ticket", ticket), "outward": address("ticket_outward", ticket), "answer": address("ticket", ticket)+"?open=answer", "forward": address("ticket", fw), "front": "/", "announce": "/announcements", "new": "/tickets/new", "components": "/components"}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for width in (1440, 320):
            page.set_viewport_size({"width": width, "height": 900})
            for name, path in pages.items():
                page.goto(live_server.url + path)
                page.screenshot(path=f"/tmp/shots/{name}-{scheme}-{width}.png", full_page=True)
                over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                if over > 0: print("SIDEWAYS", name, width, over)
    # toast
    page.emulate_media(color_scheme="light", reduced_motion="no-preference")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(live_server.url + pages["answer"])
    page.fill("#answer-words", "Hei, Nora. Prøv nå.")
    page.click("form[action$='/answer'] button[type=submit]")
    page.wait_for_selector("undo-toast")
    page.wait_for_timeout(400)
    page.screenshot(path="/tmp/shots/toast.png")
    page.click(".toast-undo")
    page.wait_for_selector("text=Taken back")
    page.wait_for_timeout(300)
    page.screenshot(path="/tmp/shots/undone.png", full_page=True)
