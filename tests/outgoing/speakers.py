"""Servers that send the very bytes that a test gives them, as HTTP or not."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Speak = Callable[[socket.socket], None]


class Speaker:
    """A server that answers each connection with the next of its answers, and the last one for ever."""

    def __init__(self, *answers: bytes | Speak) -> None:
        self.answers = list(answers)
        self.asked: list[bytes] = []
        self.address = ""

    def answer(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            self.asked.append(_request(connection))
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            if callable(answer):
                answer(connection)
            else:
                connection.sendall(answer)


def _request(connection: socket.socket) -> bytes:
    """Read a request whose body has the length that it says."""
    data = b""
    while b"\r\n\r\n" not in data:
        if not (more := connection.recv(65536)):
            return data
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [line.partition(b":")[2] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    while len(body) < int(lengths[0] if lengths else 0):
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


@contextmanager
def speaking(*answers: bytes | Speak) -> Iterator[Speaker]:
    """Serve such answers on a free port of the loopback."""
    speaker = Speaker(*answers)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        speaker.address = f"http://127.0.0.1:{listening.getsockname()[1]}/sparql"

        def accept() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listening.accept()
                    threading.Thread(target=speaker.answer, args=(connection,), daemon=True).start()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield speaker
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()


def whole(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """Return an answer that is as it should be."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body
