"""What the document is made from."""

import hashlib
import re
from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent
REPOSITORY = DOCS.parent
DOCUMENT = DOCS / "solution.adoc"
FIGURES = DOCS / "figures.adoc"
PDF = DOCS / "solution.pdf"


def text(path: str) -> str:
    return (REPOSITORY / path).read_text(encoding="utf-8")


def pictures() -> list[Path]:
    """Those that the document shows."""
    names = re.findall(r"^image::([^\[]+)\[", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    return [(DOCS / "diagrams" / name).resolve() for name in names]


def checksum() -> str:
    """Changes when the PDF would: the build writes it into the PDF, and a test compares."""
    files = [DOCUMENT, FIGURES, DOCS / "document/pdf.py", *DOCS.glob("theme/*"), *pictures()]
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(f"{file.relative_to(REPOSITORY)}\n".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
