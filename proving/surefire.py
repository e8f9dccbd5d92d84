"""Reads the counts of Maven's test reports."""

from pathlib import Path
from xml.etree import ElementTree

from proving.tally import Tally


def tally(reports: Path, since: float) -> Tally:
    """Of the reports that were written after a point in time: older ones are of tests that are gone, or of other runs."""
    total = Tally()
    for file in sorted(reports.glob("TEST-*.xml")):
        if file.stat().st_mtime >= since:
            total += _of_file(file)
    return total


def _of_file(file: Path) -> Tally:
    """Surefire writes what a test said as it is, though XML has no place for some characters: only of one that failed."""
    try:
        return _of(ElementTree.parse(file).getroot())
    except ElementTree.ParseError:
        return Tally(failed=1)


def _of(suite: ElementTree.Element) -> Tally:
    count = {name: int(suite.get(name, 0)) for name in ("tests", "failures", "errors", "skipped")}
    failed = count["failures"] + count["errors"]
    skipped = [
        f"{case.get('classname')}.{case.get('name')}: {reason.get('message') or reason.text or 'no reason given'}"
        for case in suite.iter("testcase")
        for reason in case.findall("skipped")
    ]
    return Tally(count["tests"] - failed - count["skipped"], failed, skipped)
