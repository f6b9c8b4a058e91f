import subprocess, sys
r = subprocess.run([sys.executable, '-c', 'import sys; print(sys.path[0] == "", len(sys.argv)); 1/0'], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
print(r.returncode, r.stdout, r.stderr)
r = subprocess.run([sys.executable, '-I', '-c', 'print(2)'], stdout=subprocess.PIPE); print(r.stdout)
r = subprocess.run([sys.executable, '-c', 'print(3)'], env={}, stdout=subprocess.PIPE); print(r.stdout)
