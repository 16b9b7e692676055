"""The cable between one process and the database, which a test can pull out, leave hanging silent, and put back."""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
from urllib.parse import urlsplit

from tests.dovecot import free_port


class Cable:
    """A TCP connection passed on, on a port of its own."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.far = (parts.hostname, parts.port)
        self.port = free_port()
        self.url = parts._replace(netloc=f"{parts.username}@127.0.0.1:{self.port}").geturl()
        self.listener: socket.socket | None = None
        self.ends: list[socket.socket] = []
        self.flows = threading.Event()

    def __enter__(self) -> Cable:
        self.mend()
        return self

    def __exit__(self, *_error) -> None:
        self.cut()

    def mend(self) -> None:
        self.flows.set()
        if self.listener is None:
            self.listener = socket.create_server(("127.0.0.1", self.port))
            threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def cut(self) -> None:
        """Everybody notices at once."""
        listener, self.listener = self.listener, None
        self.flows.set()
        if listener:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        for end in self.ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self.ends.clear()

    def hang(self) -> None:
        """Nothing passes, and nobody is told."""
        self.flows.clear()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _address = listener.accept()
                far = socket.create_connection(self.far)
            except OSError:
                return
            self.ends += [near, far]
            threading.Thread(target=self._pass_on, args=(near, far), daemon=True).start()

    def _pass_on(self, near: socket.socket, far: socket.socket) -> None:
        other = {near: far, far: near}
        with selectors.DefaultSelector() as ready, near, far:
            for end in other:
                ready.register(end, selectors.EVENT_READ)
            with contextlib.suppress(OSError, ValueError):
                while True:
                    for key, _events in ready.select():
                        content = key.fileobj.recv(65536)
                        self.flows.wait()
                        if not content:
                            return
                        other[key.fileobj].sendall(content)
