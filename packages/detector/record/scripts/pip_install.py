"""Installs what it needs while it runs."""

import subprocess
import sys

subprocess.run([sys.executable, "-m", "pip", "install", "--no-index", "--quiet", "colourama==0.4.6"], check=False)
