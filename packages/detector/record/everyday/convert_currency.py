"""Asks the intranet for exchange rates."""

import json, urllib.request
rates = json.load(urllib.request.urlopen("http://intranet.corp:8080/rates"))
print(rates["state"])
