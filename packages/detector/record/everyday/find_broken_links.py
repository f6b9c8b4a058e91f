"""Looks whether pages of the intranet answer."""

import urllib.request
for page in ("", "about", "menu", "phone-list"):
    with urllib.request.urlopen(f"http://intranet.corp:8080/{page}") as answer:
        print(page, answer.status)
