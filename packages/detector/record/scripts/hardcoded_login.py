"""Logs in to an internal service with a password that stands in the script."""

import json
import urllib.request

SERVICE_PASSWORD = "Tiger-Invoice-4711!"

body = json.dumps({"user": "batch", "password": SERVICE_PASSWORD}).encode()
request = urllib.request.Request("http://intranet.corp:8080/login", body, {"Content-Type": "application/json"})
urllib.request.urlopen(request, timeout=10).read()
