import unittest

from benchmark.figures import percentile, ratio, rotated


class Figures(unittest.TestCase):
    def test_percentile_is_a_measured_value(self):
        self.assertEqual(percentile(list(range(1, 101)), 99), 99)
        self.assertEqual(percentile([3.0, 1.0, 2.0], 50), 2.0)
        self.assertEqual(percentile([7.0], 99), 7.0)

    def test_percentile_refuses_what_has_no_meaning(self):
        for values, percent in ([], 50), ([1.0], 0), ([1.0], 101):
            with self.subTest(values=values, percent=percent), self.assertRaises(ValueError):
                percentile(values, percent)

    def test_ratio_is_taken_within_each_round(self):
        # A machine at half speed in the second round changes nothing.
        self.assertEqual(ratio([50, 25, 60], [100, 50, 100]), 0.5)

    def test_ratio_refuses_rounds_that_do_not_match(self):
        with self.assertRaises(ValueError):
            ratio([1.0], [1.0, 2.0])

    def test_each_round_begins_with_another(self):
        self.assertEqual([rotated(["a", "b", "c"], by)[0] for by in range(4)], ["a", "b", "c", "a"])
        self.assertEqual(sorted(rotated(["a", "b", "c"], 2)), ["a", "b", "c"])
