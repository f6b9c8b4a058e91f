"""Reads the menu of the canteen."""

import requests
print(requests.get("http://intranet.corp:8080/menu", timeout=5).status_code)
