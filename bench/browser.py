"""A browser without a screen: asks the product's own entry, and keeps its cookies."""

from __future__ import annotations

import io
import re
import sys
from http.cookies import SimpleCookie
from urllib.parse import urlencode


class Browser:
    """Somebody signed in, through the same entry that the web server calls."""

    def __init__(self, application, session: str, path: str) -> None:
        self.application = application
        self.cookies = {"sessionid": session}
        self.path = path
        self.body = ""

    def look(self) -> None:
        status, _headers = self._ask("GET", self.path)
        if status != "200 OK":
            raise RuntimeError(f"{self.path}: {status}")

    def send(self, path: str, told: dict[str, object]) -> None:
        """Sends a form with what the page says of itself in every form, and looks at the page it lands on."""
        carried = {name: self.hidden(name) for name in ("csrfmiddlewaretoken", "by", "seen")}
        status, headers = self._ask("POST", path, urlencode(carried | told).encode())
        if not status.startswith("303"):
            raise RuntimeError(f"{path}: {status}")
        self.path = headers["Location"]
        self.look()

    def hidden(self, name: str) -> str:
        found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', self.body)
        return found[1] if found else ""

    def _ask(self, method: str, path: str, sent: bytes = b"") -> tuple[str, dict[str, str]]:
        path, _, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "localhost", "SERVER_PORT": "80",
            "HTTP_HOST": "localhost", "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "CONTENT_TYPE": "application/x-www-form-urlencoded" if sent else "", "CONTENT_LENGTH": str(len(sent)),
            "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(sent), "wsgi.errors": sys.stderr, "SCRIPT_NAME": "",
        }  # fmt: skip
        begun: list[tuple[str, list[tuple[str, str]]]] = []
        answer = self.application(environ, lambda status, headers: begun.append((status, headers)))
        self.body = b"".join(answer).decode()
        answer.close()
        status, headers = begun[0]
        for name, value in headers:
            if name == "Set-Cookie":
                self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(value).items()}
        return status, dict(headers)
