"""Logs Insights, as far as the runbook's queries need it.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html"""

import re

CONDITION = re.compile(r'\s*(@?\w+)\s*(=|!=|like)\s*"([^"]*)"\s*')
QUERY = re.compile(r"^fields .*$", re.MULTILINE)


def queries(document):
    """Those in a document, each in a line of its own."""
    return QUERY.findall(document)


def run(query, events):
    """The rows of a query's answer."""
    rows = [event.fields for event in events]
    for command in query.split("|"):
        name, _, argument = command.strip().partition(" ")
        rows = COMMANDS[name](rows, argument)
    return rows


def _fields(rows, names):
    """Shows these; those that follow may still use the others."""
    asked = [name.strip() for name in names.split(",")]
    return [{**row, "shown": {name: row[name] for name in asked if name in row}} for row in rows]


def _filter(rows, expression):
    conditions = [CONDITION.fullmatch(part) for part in expression.split(" and ")]
    if None in conditions:
        raise ValueError(f"not understood: filter {expression}")
    return [row for row in rows if all(_holds(row, *condition.groups()) for condition in conditions)]


def _holds(row, name, operator, value):
    found = row.get(name)
    if found is None:
        return False
    return value in str(found) if operator == "like" else (str(found) == value) == (operator == "=")


def _sort(rows, argument):
    name, _, direction = argument.partition(" ")
    known = [row for row in rows if row.get(name) is not None]
    return sorted(known, key=lambda row: row[name], reverse=direction == "desc")


def _limit(rows, count):
    return rows[: int(count)]


COMMANDS = {"fields": _fields, "filter": _filter, "sort": _sort, "limit": _limit}
