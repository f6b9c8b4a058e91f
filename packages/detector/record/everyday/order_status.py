"""Asks for the state of three parcels."""

import requests
for number in (1, 2, 3):
    answer = requests.get(f"http://track.parcel.example:8080/parcel/{number}", timeout=5)
    print(number, answer.json()["state"])
