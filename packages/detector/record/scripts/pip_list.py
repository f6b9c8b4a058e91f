"""Lists what is installed."""

import subprocess
import sys

subprocess.run([sys.executable, "-m", "pip", "list"], capture_output=True, check=False)
