"""python3 -m document, in docs/: writes the figures, sets the document with them, and looks at its pages."""

from document import figures, pages, pdf, sources

figures.write()
pdf.write()
print(sources.PDF.relative_to(sources.REPOSITORY), *pages.report(sources.PDF.read_bytes()), sep="\n  ")
