"""python3 -m document, in docs/: writes the figures and the plot, then prints the checksum of all sources."""

from document import figures, sources

figures.write()
print(sources.checksum())
