import unittest

from benchmark.http import Answer, parse, put
from benchmark.peers import Page, nginx_headers, nginx_quoted
from benchmark.streams import Reader


class ParsingAnswers(unittest.TestCase):
    def test_waits_until_the_whole_body_is_there(self):
        whole = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
        for end in range(len(whole)):
            self.assertIsNone(parse(whole[:end]))
        self.assertEqual(parse(whole), Answer(200, b"hello", (("Content-Length", "5"),)))

    def test_an_answer_without_a_length_is_refused(self):
        with self.assertRaisesRegex(ValueError, "without a length"):
            parse(b"HTTP/1.1 200 OK\r\n\r\nhello")

    def test_a_put_states_the_length_in_bytes(self):
        self.assertIn(b"Content-Length: 2\r\n", put("é", "key"))


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
