"""Uses a library from the package index."""

import requests

print(requests.__version__)
