import os

print(len(open("/etc/passwd").read()) > 10, os.path.exists("/etc/hostname"))
