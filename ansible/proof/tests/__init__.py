"""Makes the package importable from wherever the tests are discovered."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
