"""Stands before the simulated AWS, notes what everybody asks for, and refuses what their policies don't allow."""

import threading
from collections.abc import Callable
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from proving.aws_calls import Call, call_of

TIMEOUT_SECONDS = 120
NOT_PASSED_ON = {"transfer-encoding", "content-length", "connection", "server", "date"}
REFUSAL = (
    b"<ErrorResponse><Error><Code>AccessDenied</Code><Message>not allowed by the policy</Message></Error></ErrorResponse>"
)

Judge = Callable[[Call], bool]


class Recorder:
    def __init__(self, url: str, allows: Judge):
        self.simulator = urlsplit(url).netloc
        self.allows = allows
        self.calls: set[Call] = set()
        self.refused: set[Call] = set()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def _judge(self, call: Call | None) -> bool:
        if call is None:
            return True
        self.calls.add(call)
        if not self.allows(call):
            self.refused.add(call)
        return call not in self.refused

    def _handler(recorder) -> type:  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                if recorder._judge(call_of(self.command, self.path, headers, body)):
                    self.pass_on(body)
                else:
                    self.answer(403, {"Content-Type": "text/xml"}, REFUSAL)

            def pass_on(self, body: bytes) -> None:
                connection = HTTPConnection(recorder.simulator, timeout=TIMEOUT_SECONDS)
                try:
                    connection.request(self.command, self.path, body, dict(self.headers))
                    response = connection.getresponse()
                    self.answer(response.status, dict(response.getheaders()), response.read())
                finally:
                    connection.close()

            def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
                self.send_response_only(status)
                for name, value in headers.items():
                    if name.lower() not in NOT_PASSED_ON:
                        self.send_header(name, value)
                length = headers.get("Content-Length", "0") if self.command == "HEAD" else str(len(body))
                self.send_header("Content-Length", length)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

            do_DELETE = do_GET = do_HEAD = do_POST = do_PUT = handle_one

        return Handler
