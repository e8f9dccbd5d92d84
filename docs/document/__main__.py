"""python3 -m document, in docs/: writes the figures, then sets the document with them."""

from document import figures, pdf

figures.write()
pdf.write()
