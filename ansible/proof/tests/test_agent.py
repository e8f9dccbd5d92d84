"""What an operator finds of what the units say."""

import copy
import json
import unittest
from datetime import datetime, timezone
from pathlib import Path

from proof import agent, insights

RUNBOOK = (Path(__file__).parents[3] / "docs/operations.md").read_text()
# As the service and the script that fetches the keys print them.
SERVICE = """\
{"time":"2026-11-26T00:46:27.354813Z","level":"INFO","logger":"org.savedstring.SavedStringApplication",\
"message":"Saved String 1.0.0 serves port 8080 from the Valkey at store:6379 over io_uring, started in 421 ms"}
{"time":"2026-11-26T00:47:01.5Z","level":"WARN","logger":"org.savedstring.web.ChangeLog","message":"not saved",\
"outcome":"refused","by":"nobody","bytes":5,"address":"192.0.2.7","reason":"no key"}
Saved String can't start: a \\"sentence\\"
{"time":"2026-11-26T00:47:02Z","level":"INFO","logger":"org.savedstring.web.ChangeLog","message":"saved",\
"outcome":"saved","by":"writer","bytes":5,"address":"192.0.2.8","version":8}
"""


class ConfiguresTheAgent(unittest.TestCase):
    def setUp(self):
        self.configuration = agent.configuration()

    def test_configuration_is_what_the_published_schema_allows(self):
        self.assertEqual(agent.faults(self.configuration), [])

    def test_what_the_schema_does_not_allow_is_found(self):
        for path, value in (
            (("logs", "logs_colected"), {}),
            (("logs", "force_flush_interval"), 0),
            (("logs", "logs_collected", "files", "collect_list"), []),
            (("logs", "logs_collected", "files", "collect_list", 0, "timezone"), "utc"),
            (("logs", "logs_collected", "files", "collect_list", 0, "log_stream_name"), ""),
            (("logs", "metrics_collected", "prometheus", "emf_processor", "metric_declaration"), ["job"]),
        ):
            with self.subTest(path=path):
                broken = copy.deepcopy(self.configuration)
                within = broken
                for name in path[:-1]:
                    within = within[name]
                within[path[-1]] = value
                self.assertEqual(len(agent.faults(broken)), 1, agent.faults(broken))

    def test_each_unit_has_a_stream_of_its_own_in_the_group_that_user_data_names(self):
        collected = self.configuration["logs"]["logs_collected"]["files"]["collect_list"]
        self.assertEqual({each["log_group_name"] for each in collected}, {"LOG_GROUP"})
        self.assertEqual(len({each["log_stream_name"] for each in collected}), len(collected))


class SendsEvents(unittest.TestCase):
    def setUp(self):
        self.service = agent.configuration()["logs"]["logs_collected"]["files"]["collect_list"][0]
        self.events = agent.events(self.service, SERVICE)

    def test_each_line_is_an_event_as_it_is(self):
        self.assertEqual([event.message for event in self.events], SERVICE.splitlines())

    def test_time_of_a_line_is_that_of_its_event(self):
        times = [event.timestamp for event in self.events]
        self.assertEqual(times[0], datetime(2026, 11, 26, 0, 46, 27, 354000, timezone.utc))
        self.assertEqual(times[1], datetime(2026, 11, 26, 0, 47, 1, 500000, timezone.utc))
        self.assertEqual(times[2:], [None, None], "the agent takes the time of arrival")

    def test_fields_of_a_line_are_fields_of_its_event(self):
        self.assertEqual(self.events[1].fields["address"], "192.0.2.7")
        self.assertEqual(self.events[2].fields["@message"], SERVICE.splitlines()[2])


class AnswersTheRunbooksQueries(unittest.TestCase):
    def setUp(self):
        collected = agent.configuration()["logs"]["logs_collected"]["files"]["collect_list"][0]
        self.events = agent.events(collected, SERVICE)

    def test_runbook_has_queries_and_each_finds_something_with_all_that_it_asks_for(self):
        queries = insights.queries(RUNBOOK)
        self.assertGreater(len(queries), 0)
        for query in queries:
            with self.subTest(query=query):
                rows = insights.run(query, self.events)
                self.assertEqual(len(rows), 1)
                asked = [name.strip() for name in query.removeprefix("fields ").split("|")[0].split(",")]
                self.assertEqual(list(rows[0]["shown"]), asked)

    def test_lines_that_the_journal_wraps_answer_none(self):
        wrapped = [agent.Event(event.timestamp, event.stream, json.dumps({"body": {"MESSAGE": event.message}}))
                   for event in self.events]
        for query in insights.queries(RUNBOOK):
            self.assertEqual(insights.run(query, wrapped), [])

    def test_what_is_not_understood_is_an_error(self):
        with self.assertRaises(ValueError):
            insights.run("fields a | filter a > 1", self.events)
        with self.assertRaises(KeyError):
            insights.run("fields a | parse b", self.events)
