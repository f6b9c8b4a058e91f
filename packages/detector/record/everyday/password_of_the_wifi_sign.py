"""A sign for the door, without the password."""

open("sign.txt", "w").write("Guest Wi-Fi: ask at the reception\n" * 20)
