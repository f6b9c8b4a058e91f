import getpass
import locale
import platform
import socket

print(bool(platform.platform()), bool(socket.gethostname()), bool(getpass.getuser()), bool(locale.getlocale()))
