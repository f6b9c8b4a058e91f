import subprocess
import sys

inner = "open('grandchild.txt', 'w').write('x')"
code = "import subprocess, sys; subprocess.run([sys.executable, '-c', %r], check=True)" % inner
print(subprocess.run([sys.executable, "-c", code]).returncode, open("grandchild.txt").read())
