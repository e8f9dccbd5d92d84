import threading
import unittest
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import urlsplit

from proving.aws_calls import Call
from proving.recorder import Recorder

SIGNED = "AWS4-HMAC-SHA256 Credential=anna/20260101/us-east-1/{}/aws4_request"
KEYS = "arn:aws:ssm:us-east-1:123456789012:parameter/keys"


class Simulator(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "9")
        self.end_headers()
        self.wfile.write(b"simulated")

    def log_message(self, *_: object) -> None:
        pass


class RecorderTest(unittest.TestCase):
    def setUp(self) -> None:
        server = HTTPServer(("127.0.0.1", 0), Simulator)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.is_heard = True
        self.recorder = Recorder(
            f"http://127.0.0.1:{server.server_port}",
            lambda call: "Put" not in call.action and "Delete" not in call.action,
            {"iam:SimulatePrincipalPolicy": "answered"},
            lambda call: self.is_heard,
        )
        self.addCleanup(self.recorder.stop)

    def ask(self, service: str, body: str, **headers: str) -> tuple[int, str]:
        connection = HTTPConnection(urlsplit(self.recorder.url).netloc, timeout=60)
        self.addCleanup(connection.close)
        connection.request("POST", "/", body, {"Authorization": SIGNED.format(service), **headers})
        response = connection.getresponse()
        return response.status, response.read().decode()

    def ask_ssm(self, operation: str) -> tuple[int, str]:
        headers = {"X-Amz-Target": f"AmazonSSM.{operation}", "Content-Type": "application/x-amz-json-1.1"}
        return self.ask("ssm", '{"Name": "/keys"}', **headers)

    def test_what_is_allowed_is_noted_and_passed_on(self) -> None:
        self.assertEqual((200, "simulated"), self.ask_ssm("GetParameter"))
        self.assertEqual({Call("anna", "ssm:GetParameter", KEYS)}, self.recorder.calls)
        self.assertEqual(set(), self.recorder.refused)

    def test_what_is_not_is_refused_in_the_language_of_its_service(self) -> None:
        status, said = self.ask_ssm("PutParameter")
        self.assertEqual(403, status)
        self.assertIn('"__type": "AccessDeniedException"', said)
        status, said = self.ask("iam", "Action=DeleteRole&RoleName=a")
        self.assertEqual(403, status)
        self.assertIn("<Code>AccessDenied</Code>", said)
        self.assertEqual({"ssm:PutParameter", "iam:DeleteRole"}, {call.action for call in self.recorder.refused})

    def test_what_the_simulator_lacks_is_answered_here(self) -> None:
        self.assertEqual((200, "answered"), self.ask("iam", "Action=SimulatePrincipalPolicy"))

    def test_an_answer_can_be_kept_back(self) -> None:
        self.is_heard = False
        with self.assertRaises((HTTPException, ConnectionError)):
            self.ask_ssm("GetParameter")
        self.assertEqual(1, len(self.recorder.calls))


if __name__ == "__main__":
    unittest.main()
