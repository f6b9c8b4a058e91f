"""Listens to the keys for a moment."""

import time

from pynput import keyboard

with keyboard.Listener(on_press=lambda key: None):
    time.sleep(0.3)
