"""Logs in to an internal service with a password of the environment."""

import json
import os
import urllib.request

service_password = os.environ.get("SERVICE_PASSWORD", "")

body = json.dumps({"user": "batch", "password": service_password}).encode()
request = urllib.request.Request("http://intranet.corp:8080/login", body, {"Content-Type": "application/json"})
urllib.request.urlopen(request, timeout=10).read()
