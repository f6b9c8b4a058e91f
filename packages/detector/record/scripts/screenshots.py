"""Takes a picture of the screen."""

import mss

with mss.mss() as screen:
    screen.grab(screen.monitors[0])
