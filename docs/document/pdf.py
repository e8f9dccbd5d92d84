"""Sets the document: Asciidoctor makes HTML of it, and Chromium a tagged PDF of that."""

import re
import subprocess
import tempfile
from datetime import datetime
from itertools import product
from pathlib import Path

from document import pages, sources

TIMEOUT_S = 300
PAGES_MAX = 8
# Leading of the text and padding of the tables' cells, in points, from airy to tight.
_SPACINGS = list(product((12.7, 12.5, 12.3, 12.1, 11.9, 11.7, 11.5), (3.0, 2.7, 2.4, 2.1)))
# A chapter that begins above this height, in points from the bottom, has the page to itself.
PAGE_TOP = 750

PAGE = re.compile(rb"(\d+) 0 obj\n<</Type /Page\n")
CHAPTER = re.compile(rb"<</Title \(((?:\d+\.|Appendix) .*)\)\n/Dest \[(\d+) 0 R /XYZ \S+ (\S+) 0\]")
_INFO = re.compile(rb"<</Title \((.*)\)\n/Creator .*\n/Producer \((.*)\)\n/CreationDate .*\n/ModDate .*>>")
_AUTHOR = re.compile(r"^:author: (.+)$", re.MULTILINE)
_REVISED = re.compile(r"^:revdate: (.+)$", re.MULTILINE)


def write() -> None:
    """Sets it once more when it fits: which page a chapter begins on is known only then."""
    spacing, draft = _fitting()
    sources.PDF.write_bytes(with_metadata(_set(spacing, running_heads(draft))))


def _fitting() -> tuple[tuple[float, float], bytes]:
    """As airy as fills the pages and needs no more: how much text there is changes with the figures."""
    for spacing in _SPACINGS:
        draft = _set(spacing, heads=[""])
        if len(PAGE.findall(draft)) <= PAGES_MAX and not pages.report(draft):
            break
    return spacing, draft


def running_heads(pdf: bytes) -> list[str]:
    """The chapter that each page begins with, from the outline that Chromium writes."""
    found = [(match[1].decode("latin-1"), match[2], float(match[3])) for match in CHAPTER.finditer(pdf)]
    heads, current = [], ""
    for page in PAGE.findall(pdf):
        begin_here = sorted((-height, title) for title, on, height in found if on == page)
        if begin_here and -begin_here[0][0] > PAGE_TOP:
            current = begin_here[0][1]
        heads.append(current)
        current = begin_here[-1][1] if begin_here else current
    return heads


def with_metadata(pdf: bytes) -> bytes:
    """With the author, the sources' checksum and the date of the text instead of the browser's name and the time of day.

    What takes their place is as long as they were, because the PDF says at which byte everything is.
    """
    text = sources.DOCUMENT.read_text(encoding="utf-8")
    revised, author = datetime.strptime(_REVISED.search(text)[1], "%d %B %Y"), _AUTHOR.search(text)[1]
    title, producer = _INFO.search(pdf).groups()
    info = (b"<</Title (%b)\n/Author (%b)\n/Producer (%b)\n/Keywords (sources %b)\n/CreationDate (D:%b)"
            % (title, author.encode(), producer, sources.checksum().encode(), f"{revised:%Y%m%d}000000Z".encode()))
    return _INFO.sub(lambda match: info.ljust(len(match[0]) - 2) + b">>", pdf, count=1)


def _set(spacing: tuple[float, float], heads: list[str]) -> bytes:
    chapters = " ".join(f'"{head}"' for head in heads)
    leading, padding = spacing
    with tempfile.TemporaryDirectory() as folder:
        html, pdf = Path(folder, "solution.html"), Path(folder, "solution.pdf")
        _run("asciidoctor", "--failure-level=WARN", "-a", f"chapters={chapters}",
             "-a", f"leading={leading}pt", "-a", f"padding={padding}pt", "-o", html, sources.DOCUMENT)
        # It opens this page alone, and root, whom containers run everything as, can't have its sandbox.
        _run("chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile",
             "--no-pdf-header-footer", "--generate-pdf-document-outline", f"--print-to-pdf={pdf}", html.as_uri())
        return pdf.read_bytes()


def _run(*command: str | Path) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S)
    if done.returncode:
        raise SystemExit(f"{command[0]} failed:\n{done.stdout}{done.stderr}")
