"""Version of the system and of Python."""

import platform
print(platform.python_version(), platform.system())
