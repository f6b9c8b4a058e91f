import subprocess
import sys

code = "open('child.txt', 'w').write('x'); print('child')"
print(subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE).stdout)
print(subprocess.run([sys.executable, "-E", "-c", "print('E')"], stdout=subprocess.PIPE).stdout)
