import unittest
import xml.etree.ElementTree as ElementTree

from benchmark import curves, page, plot, results, tables
from benchmark.peers import CONSTANT, FLASK, LUA, NCHAN, VARNISH, WEBDIS
from benchmark.service import CONFIRMED, SINGLE
from benchmark.thresholds import above, at_least, below

NAMES = (CONSTANT, LUA, WEBDIS, FLASK, VARNISH, SINGLE, CONFIRMED)
MADE = {
    "command": "bench/run",
    "date": "today",
    "took_s": 400.0,
    "machine": {"cpu": "a CPU", "cores": 2, "kernel": "6", "load_average_before": 0.1},
    "versions": {"wrk": "4"},
}


def sample(requests_per_s: float, has_valkey: bool = True) -> dict:
    return {
        "requests": 1_000,
        "requests_per_s": requests_per_s,
        "p50_ms": 1.0,
        "p99_ms": 2.0,
        "server_us_per_request": 8.0,
        "valkey_us_per_request": 1.0 if has_valkey else None,
        "requests_per_command": 40 if has_valkey else None,
        "commands_per_s": 5.0,
        "load_cores": 0.5,
        "others_cores": 0.1,
    }


def raw(service_per_s: float = 95_000) -> dict:
    rates = dict(zip(NAMES, (100_000, 20_000, 50_000, 2_000, 60_000, service_per_s, service_per_s), strict=True))
    by_name = {name: [sample(rate, name != CONSTANT)] * 3 for name, rate in rates.items()}
    by_load = {"64": by_name, "256": by_name}
    half_load = {"requests_per_s": 50_000.0, "p50_ms": 1.0, "p99_ms": 2.0, "max_ms": 9.0}
    return {
        "failed": [],
        "throughput": {
            "samples": {"bare": by_load, "browser": by_load, "mixed": {"64": by_name}},
            "resident_bytes": dict.fromkeys(NAMES, 140 * 2**20),
            "repeated": 0,
        },
        "start": {"seconds": [0.4, 0.9, 0.3], "cpu_seconds": [1.0, 1.1, 0.9]},
        "writes": {"milliseconds": [1.0] * 98 + [9.0] * 2},
        "cold": {
            "warm_per_s": 100_000.0,
            "warm": half_load,
            "cold": [half_load | {"p99_ms": 8.0}] * 3,
            "puts": [[3.0] * 20] * 3,
            "idle": [5.0] * 3,
        },
        "scaling": {"samples": {"1": [sample(1)], "2": [sample(2)], "3": [sample(3)]}},
        "streams": {"samples": {CONFIRMED: fan_out(50.0), NCHAN: fan_out(60.0)}},
        "fleet": [fleet_row(instances, gathering_ms) for gathering_ms in (0, 20) for instances in (1, 200)],
        "deploy": {"streams": 100, "back_s": 3.0, "cpu_peak": 0.4, "cpu_median": 0.2},
    }


def fleet_row(instances: int, gathering_ms: int) -> dict:
    figures = ("read_p50_ms", "read_p99_ms", "write_p50_ms", "write_p99_ms")
    return {"instances": instances, "gathering_ms": gathering_ms, "reads_per_s": 2_000.0 * instances} | {
        "batches_per_s": 20_000.0, "primary_cores": 0.9, "failed": 0, **dict.fromkeys(figures, 0.1 * instances)
    }


def fan_out(from_start_ms: float) -> list[dict]:
    return [
        {
            "streams": streams,
            "samples": [{"put_ms": 1.0, "from_start_ms": from_start_ms, "last_event_ms": 2.0}],
            "bytes_per_stream": 2048,
            "cpu_us_per_event": 5.0,
            "opened_s": 0.1,
        }
        for streams in (5_000, 18_000)
    ]


def summary(service_per_s: float = 95_000) -> dict:
    return results.summarise(MADE, raw(service_per_s))


class Thresholds(unittest.TestCase):
    def test_a_limit_itself_is_not_enough_where_it_says_more_than(self):
        reached = [kind("x", lambda: 2.0, 2.0)["reached"] for kind in (at_least, above, below)]
        self.assertEqual(reached, [True, False, True])

    def test_each_that_was_measured_is_judged(self):
        thresholds = summary()["thresholds"]
        self.assertEqual(
            missed(thresholds),
            {"PUT, warm, 99th percentile", "Times nginx's constant, bare requests, 256 connections"},
        )
        self.assertEqual(len(thresholds), 10 + 1 + 1 + 2 + 2)

    def test_a_slower_service_misses_them(self):
        found = missed(summary(50_000)["thresholds"])
        self.assertIn("Times nginx's constant, a browser's requests, 64 connections", found)
        self.assertIn(f"Times {LUA}, the least of these four", found)

    def test_what_failed_is_not_reached_and_has_no_figure(self):
        without = raw()
        for by_load in without["throughput"]["samples"].values():
            for by_name in by_load.values():
                by_name.pop(VARNISH, None)  # one table stands for all
        without["streams"]["samples"][NCHAN] = []
        without["failed"] = [{"row": VARNISH, "why": "varnish ended with 2"}]
        shown = results.summarise(MADE, without)
        self.assertIn("PUT's start to the last of 5,000 streams, times nchan's", missed(shown["thresholds"]))
        text = tables.render(shown)
        self.assertIn("varnish ended with 2", text)
        self.assertIn(f"| Times {VARNISH}, the least of these four | more than 1 | – | – | **not reached** |", text)

    def test_without_the_constant_there_is_no_ratio(self):
        without = raw()
        for by_load in without["throughput"]["samples"].values():
            for by_name in by_load.values():
                by_name.pop(CONSTANT, None)
        self.assertIn(f"| {CONFIRMED} | 95,000 | – |", tables.render(results.summarise(MADE, without)))

    def test_nothing_measured_nothing_judged(self):
        self.assertEqual(results.summarise(MADE, {})["thresholds"], [])

    def test_the_peers_alone_are_not_judged(self):
        alone = raw()["throughput"]
        alone["resident_bytes"] = {name: 1 for name in NAMES[:5]}
        alone["samples"] = {
            requests: {load: dict(list(by_name.items())[:5]) for load, by_name in by_load.items()}
            for requests, by_load in alone["samples"].items()
        }
        self.assertEqual(results.summarise(MADE, {"throughput": alone})["thresholds"], [])


def missed(thresholds: list[dict]) -> set[str]:
    return {verdict["what"] for verdict in thresholds if not verdict["reached"]}


class Report(unittest.TestCase):
    def test_shows_every_contender_and_every_threshold(self):
        text = tables.render(summary())
        for shown in (*NAMES, "0.95 (0.95–0.95)", "0.40 s", "1.00 s of CPU", "p99 9.00 ms", "**not reached**", "`bench/run`"):
            self.assertIn(shown, text)

    def test_every_row_has_as_many_cells_as_its_header(self):
        for block in tables.render(summary()).split("\n\n"):
            rows = [line.count("|") for line in block.splitlines() if line.startswith("|")]
            self.assertLessEqual(len(set(rows)), 1, block)

    def test_says_what_is_not_stable(self):
        self.assertTrue(results.is_stable([90.0, 100.0, 115.0]))
        self.assertFalse(results.is_stable([90.0, 100.0, 116.0]))
        shaky = raw()
        shaky["throughput"]["samples"]["browser"]["64"][CONFIRMED][0] = sample(60_000)
        self.assertEqual(tables.render(results.summarise(MADE, shaky)).count("not stable"), 5, "one list, in five tables")

    def test_a_part_alone_is_shown_alone(self):
        alone = results.summarise(MADE, {"start": raw()["start"], "writes": raw()["writes"]})
        self.assertNotIn("connections", tables.render(alone))

    def test_the_plot_is_well_formed_and_names_everybody(self):
        picture = plot.throughput(summary()["throughput"])
        texts = [element.text for element in ElementTree.fromstring(picture).iter() if element.text]
        for name in NAMES:
            self.assertIn(name, texts)


class Curves(unittest.TestCase):
    def test_are_well_formed_with_a_line_for_each_way(self):
        picture = ElementTree.fromstring(curves.fleet(summary()["fleet"]))
        lines = [element for element in picture.iter() if element.tag.endswith("polyline")]
        self.assertEqual(len(lines), 2 * len(curves.PANELS))

    def test_nothing_measured_is_an_empty_picture(self):
        ElementTree.fromstring(curves.fleet([]))


class Page(unittest.TestCase):
    BUILD = "in bench/: PYTHONPATH=.:.. python3 -m benchmark.page"

    def test_shows_the_results_that_are_kept(self):
        text = page.PAGE.read_text(encoding="utf-8")
        self.assertEqual(text, page.with_results(text, tables.render(results.load())), self.BUILD)

    def test_has_their_plot(self):
        self.assertEqual(page.PLOT.read_text(encoding="utf-8"), plot.throughput(results.load()["throughput"]), self.BUILD)

    def test_has_the_curves_of_a_fleet(self):
        self.assertEqual(page.FLEET_PLOT.read_text(encoding="utf-8"), curves.fleet(results.load().get("fleet", [])), self.BUILD)

    def test_changes_only_between_the_markers(self):
        text = f"before\n{page.BEGIN}\nold\n{page.END}\nafter\n"
        expected = f"before\n{page.BEGIN}\nnew\n{page.END}\nafter\n"
        self.assertEqual(page.with_results(text, "new\n"), expected)

    def test_without_markers_is_refused(self):
        with self.assertRaisesRegex(ValueError, "markers"):
            page.with_results("text", "new")
