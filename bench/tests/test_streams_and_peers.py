import socket
import threading
import unittest

from benchmark.peers import Page, nginx_headers, nginx_quoted
from benchmark.readers import Reader, Readers


class LookingForAnEvent(unittest.TestCase):
    def test_finds_a_word_that_arrives_in_pieces(self):
        word = b"number 7."
        for cut in range(len(word) + 1):
            reader = Reader()
            first = reader.finds(word, b"data: " + word[:cut])
            self.assertTrue(first or reader.finds(word, word[cut:] + b"\n\n"))

    def test_does_not_find_another_word(self):
        reader = Reader()
        self.assertFalse(reader.finds(b"number 7.", b"data: number 17 "))
        self.assertFalse(reader.finds(b"number 7.", b"number 8."))


class OpeningStreams(unittest.TestCase):
    def test_one_that_is_refused_or_ended_comes_again(self):
        answers = [b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", b"", _STREAM, _STREAM]
        with socket.create_server(("127.0.0.1", 0)) as server:
            serving = threading.Thread(target=_answer, args=(server, answers))
            serving.start()
            readers = Readers(server.getsockname()[1], b"GET /events HTTP/1.1\r\n\r\n")
            readers.open_up_to(2, b"number 7.")
            self.assertEqual(answers, [], "each was asked for")
            readers.close()
            serving.join()

    def test_one_that_ends_when_all_should_be_open_is_an_error(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            serving = threading.Thread(target=_answer, args=(server, [_STREAM]))
            serving.start()
            readers = Readers(server.getsockname()[1], b"GET /events HTTP/1.1\r\n\r\n")
            readers.open_up_to(1, b"number 7.")
            serving.join()
            with self.assertRaisesRegex(ConnectionError, "ended by the server"):
                readers.wait_for(b"number 8.")
            readers.close()


_STREAM = b"HTTP/1.1 200 OK\r\n\r\ndata: number 7.\n\n"


def _answer(server: socket.socket, answers: list[bytes]) -> None:
    """One after the other; those that are open end with the last answer."""
    accepted = []
    while answers:
        accepted.append(server.accept()[0])
        accepted[-1].recv(1_000)
        answer = answers.pop(0)
        accepted[-1].sendall(answer)
        if not answer:
            accepted[-1].close()
    for each in accepted:
        each.close()


class ThePageOfThePeers(unittest.TestCase):
    def test_shows_another_value_in_the_same_place(self):
        page = Page(b"<title>x</title><h1>It is x &amp; y</h1>", "x & y")
        self.assertEqual(page.showing("<b>"), b"<title>x</title><h1>It is &lt;b&gt;</h1>")

    def test_must_show_the_value(self):
        with self.assertRaisesRegex(ValueError, "expected: a page that shows 'z'"):
            Page(b"<h1>It is x</h1>", "z")

    def test_nginx_sends_the_headers_of_the_service_but_its_own(self):
        headers = (("ETag", '"1"'), ("Content-Length", "3"), ("Vary", "Accept"))
        self.assertEqual(nginx_headers(headers).split(), 'add_header ETag "\\"1\\""; add_header Vary "Accept";'.split())

    def test_is_quoted_for_nginx(self):
        self.assertEqual(nginx_quoted('a "b" $c \\'), 'a \\"b\\" ${dollar}c \\\\')
