import socket
import threading
import unittest

from proving.http import Answer, Connection, ask, parse, request


class Requests(unittest.TestCase):
    def test_state_the_length_of_the_body_in_bytes(self):
        self.assertIn(b"\r\nContent-Length: 2\r\n", request("PUT", body="é".encode()))

    def test_state_no_length_without_a_body(self):
        self.assertEqual(request(path="/events"), b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")


class ParsingAnswers(unittest.TestCase):
    def test_waits_until_the_whole_body_is_there(self):
        whole = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
        for end in range(len(whole)):
            self.assertIsNone(parse(whole[:end]))
        self.assertEqual(parse(whole), Answer(200, b"hello", (("Content-Length", "5"),)))

    def test_takes_the_end_of_the_connection_for_the_end_of_the_body_where_it_is_said_to_be(self):
        whole = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello"
        self.assertIsNone(parse(whole))
        self.assertEqual(parse(whole, ended=True).text, "hello")

    def test_knows_the_answers_that_have_no_body(self):
        self.assertEqual(parse(b"HTTP/1.1 304 Not Modified\r\n\r\n"), Answer(304, b""))

    def test_refuses_an_answer_without_a_length(self):
        with self.assertRaisesRegex(ValueError, "without a length"):
            parse(b"HTTP/1.1 200 OK\r\n\r\nhello")

    def test_finds_headers_by_name_however_it_is_written(self):
        answer = parse(b"HTTP/1.1 204 No Content\r\nX-Served-By: one\r\n\r\n")
        self.assertEqual((answer.header("x-served-by"), answer.header("etag")), ("one", ""))


class Connections(unittest.TestCase):
    def setUp(self):
        self.server = self.enterContext(socket.create_server(("127.0.0.1", 0)))
        self.port = self.server.getsockname()[1]

    def serve(self, *conversations: list[bytes]) -> None:
        """Each list is one connection's answers; after the last of them it is closed."""
        threading.Thread(target=self._serve, args=conversations, daemon=True).start()

    def _serve(self, *conversations: list[bytes]) -> None:
        for answers in conversations:
            connection, _ = self.server.accept()
            with connection:
                for answer in answers:
                    connection.recv(65_536)
                    connection.sendall(answer)

    def test_are_kept(self):
        self.serve([b"HTTP/1.1 204 First\r\n\r\n", b"HTTP/1.1 204 Second\r\n\r\n"])
        with Connection(self.port) as connection:
            self.assertEqual([connection.exchange(request()).status for _ in range(2)], [204, 204])

    def test_are_made_anew_where_the_server_says_that_it_closes(self):
        self.serve([b"HTTP/1.1 204 Last\r\nConnection: close\r\n\r\n"], [b"HTTP/1.1 204 Next\r\n\r\n"])
        with Connection(self.port) as connection:
            self.assertEqual([connection.exchange(request()).status for _ in range(2)], [204, 204])

    def test_that_break_off_within_an_answer_are_an_error(self):
        self.serve([b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel"])
        with self.assertRaisesRegex(ConnectionError, "hel"):
            ask(self.port, request())
