"""A figure that stands in several documents is the same in each: that of its source."""

import re
import unittest

from document import benchmark, costs, settings, sources, tables

RUNBOOK, README, SECURITY, SCALE = "docs/operations.md", "README.md", "docs/security.md", "docs/scale.md"
DOCUMENT = "docs/solution.adoc"
IN_WORDS = {"2": "two", "4": "four", "5": "five", "7": "seven"}

# Where it stands, and the words around it; {in words:…} for a number that is written out.
PLACES = [
    (README, "A string has 1 to {value-bytes-max} bytes of UTF-8"),
    (RUNBOOK, "every version that is kept, at most {history-max}."),
    (RUNBOOK, "history?limit={history-max plain}"),
    (SECURITY, "the last {history-max} versions"),
    (DOCUMENT, "a Valkey primary and {in words:store-replicas} replicas"),
    (DOCUMENT, "{in words:store-replicas} replicas over three zones"),
    (RUNBOOK, "kept for {in words:snapshot-days} days (`store_snapshot_retention_days`)"),
    (SECURITY, "its snapshots for {in words:snapshot-days} days"),
    (SECURITY, "for {log-days} days (`log_retention_days`)"),
    (RUNBOOK, "one key may write {key-writes-per-min} times a minute"),
    (SECURITY, "{key-writes-per-min} writes a minute"),
    (RUNBOOK, "asks {in words:smoke-promises} questions through the load balancer"),
    (RUNBOOK, "{in words:smoke-promises} lines `ok …`"),
    (RUNBOOK, "with {in words:instances-min} to {in words:instances-max} instances"),
    (RUNBOOK, "aiming for processors that are {cpu-target} % busy"),
    (RUNBOOK, "that are always {cpu-target} % busy"),
    (RUNBOOK, "| `instance_count_min`, `instance_count_max` | {instances-min}, {instances-max} |"),
    (RUNBOOK, "| `instance_type` | `{instance-type}` |"),
    (RUNBOOK, "| `store_node_type` | `{store-node-type}` |"),
    (RUNBOOK, "| `store_replica_count` | {store-replicas} |"),
    (RUNBOOK, "while they use less than {cpu-baseline} % of their processors"),
    (RUNBOOK, "cost about {cost-credits-all} a month more"),
    (RUNBOOK, "One node fewer would save {cost-node},"),
    (RUNBOOK, "2 × cache.m6g.large cost {cost-durable}."),
    (SCALE, "`{instance-type}` with {streams-max} streams each"),
]


class AgreementTest(unittest.TestCase):
    def test_every_document_has_the_figure_of_its_source(self):
        of_settings = settings.figures()
        figures = {**of_settings, **costs.figures(of_settings)}
        for page, words in PLACES:
            with self.subTest(page=page, words=words):
                expected = re.sub(r"\{(in words:)?([a-z0-9-]+)( plain)?}", lambda it: written(figures, *it.groups()), words)
                self.assertIn(expected, re.sub(r"\s+", " ", sources.text(page)))

    def test_the_model_of_growth_begins_with_about_what_was_measured(self):
        about = {row["measured"]: tables.number(row["about"]) for row in tables.table(sources.text(SCALE), "measured")}
        streams = next(it for it in benchmark.results()["streams"] if it["streams"] == 18000)
        measured = {
            "a read with": float(benchmark.row(64, benchmark.CONFIRMED)["cpu-us"]),
            "an open page": streams["kib_per_stream"],
            "an event": streams["cpu_us_per_event"],
        }
        for what, expected in measured.items():
            with self.subTest(what):
                said = next(value for words, value in about.items() if words.startswith(what))
                self.assertAlmostEqual(said / expected, 1, delta=0.25)


def written(figures, in_words, name, plain):
    if in_words:
        return IN_WORDS[figures[name]]
    return figures[name].replace(",", "") if plain else figures[name]


if __name__ == "__main__":
    unittest.main()
