"""Starts `make demo` as a newcomer does, sends it a mail, and fetches the case and the receipt by HTTP. Ends it with Ctrl-C."""

from __future__ import annotations

import os
import re
import signal
import smtplib
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from email.message import EmailMessage
from http.cookiejar import CookieJar

SUBJECT = "Prøvemail fra en ny kollega"


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"SAKSGANG_DEMO_DIR": folder, "PYTHONUNBUFFERED": "1"}
        started = time.monotonic()
        demo = subprocess.Popen(
            ["make", "demo"], env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        try:
            said = read_until_ready(demo)
            print(f"ready after {time.monotonic() - started:.1f} s")
            try_it(said)
        finally:
            os.killpg(demo.pid, signal.SIGINT)
            demo.wait(timeout=20)
    print("1 passed, 0 failed")
    return 0


def read_until_ready(demo: subprocess.Popen) -> str:
    """Everything it printed up to the mail address that it listens on."""
    said = ""
    for line in demo.stdout or ():
        said += line
        print("  | " + line, end="")
        if "Ctrl-C" in line:
            return said
    raise SystemExit("make demo ended before it was ready")


def try_it(said: str) -> None:
    page = re.search(r"http://(127\.0\.0\.1|localhost):\d+", said)
    smtp = re.search(r"127\.0\.0\.1:(\d+)\. ", said)
    password = re.search(r"«(\w+)»", said)
    who = re.search(r"(?m)^    (\w+) {2,}\w", said)
    if not (page and smtp and password and who):
        raise SystemExit("make demo did not say where it is and who to sign in as")
    send(int(smtp[1]))
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    sign_in(browser, page[0], who[1], password[1])
    number = wait_for(lambda: find_case(browser, page[0]), "the mail became no case")
    print(f"the mail is case {number}")
    wait_for(lambda: number in fetch(browser, page[0] + "/demo/inbox/"), "no receipt arrived")
    print("and its receipt has arrived")


def send(port: int) -> None:
    mail = EmailMessage()
    mail["From"] = "Ny Kollega <ny.kollega@sykehuset.example>"
    mail["To"] = "ikt@sykehuset.example"
    mail["Subject"] = SUBJECT
    mail.set_content("Hei, jeg prøver bare om dette virker.")
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as connection:
        connection.send_message(mail)


def sign_in(browser, base: str, username: str, password: str) -> None:
    form = fetch(browser, base + "/sign-in")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    fields = {"csrfmiddlewaretoken": token[1] if token else "", "username": username, "password": password}
    browser.open(base + "/sign-in", urllib.parse.urlencode(fields).encode(), timeout=20).read()


def find_case(browser, base: str) -> str:
    query = urllib.parse.urlencode({"q": SUBJECT})
    found = re.search(r"/tickets/(\d+)", fetch(browser, f"{base}/search?{query}").partition("<main")[2])
    return found[1] if found else ""


def fetch(browser, url: str) -> str:
    with browser.open(url, timeout=20) as answer:
        return answer.read().decode()


def wait_for(ask, complaint: str, seconds: float = 90):
    end = time.monotonic() + seconds
    while not (answer := ask()):
        if time.monotonic() > end:
            raise SystemExit(complaint)
        time.sleep(0.3)
    return answer


if __name__ == "__main__":
    sys.exit(main())
