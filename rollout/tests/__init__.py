import sys
from pathlib import Path

# From whichever directory the tests are started.
sys.path.insert(0, str(Path(__file__).parents[2]))
