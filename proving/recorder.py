"""Stands before the simulated AWS, notes what everybody asks for, and refuses what their policies don't allow."""

import sys
import threading
from collections.abc import Callable, Mapping
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from proving.aws_calls import Call, call_of

TIMEOUT_SECONDS = 120
NOT_PASSED_ON = {"transfer-encoding", "content-length", "connection", "server", "date"}
# As services say it that speak XML, and those that speak JSON.
REFUSALS = {
    "text/xml": b"<ErrorResponse><Error><Code>AccessDenied</Code><Message>not allowed by the policy</Message></Error></ErrorResponse>",
    "application/x-amz-json-1.1": b'{"__type": "AccessDeniedException", "message": "not allowed by the policy"}',
}

Judge = Callable[[Call], bool]
Heard = Callable[[Call], bool]


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Who asked may have been killed."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Recorder:
    """What the simulator lacks is answered here, by its action. Who hears of each call that was answered may keep the
    answer back: the connection then ends without one."""

    def __init__(self, url: str, allows: Judge, answers: Mapping[str, str] = {}, heard: Heard = lambda _: True):
        self.simulator = urlsplit(url).netloc
        self.allows = allows
        self.answers = answers
        self.heard = heard
        self.calls: set[Call] = set()
        self.refused: set[Call] = set()
        self.server = _Server(("127.0.0.1", 0), self._handler())
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
                call = call_of(self.command, self.path, headers, body)
                if not recorder._judge(call):
                    kind = headers.get("content-type") if "x-amz-target" in headers else "text/xml"
                    return self.answer(403, {"Content-Type": kind}, REFUSALS.get(kind, REFUSALS["text/xml"]))
                if call and call.action in recorder.answers:
                    answered = 200, {}, recorder.answers[call.action].encode()
                else:
                    answered = self.passed_on(body)
                if call and not recorder.heard(call):
                    self.close_connection = True
                    return None
                return self.answer(*answered)

            def passed_on(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
                connection = HTTPConnection(recorder.simulator, timeout=TIMEOUT_SECONDS)
                try:
                    connection.request(self.command, self.path, body, dict(self.headers))
                    response = connection.getresponse()
                    return response.status, dict(response.getheaders()), response.read()
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
