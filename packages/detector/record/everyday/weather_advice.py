"""Asks the intranet for the weather."""

import http.client
link = http.client.HTTPConnection("intranet.corp", 8080, timeout=5)
link.request("GET", "/weather")
print(link.getresponse().status)
