import unittest

from benchmark.peers import Page, nginx_headers, nginx_quoted
from benchmark.readers import Reader


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
