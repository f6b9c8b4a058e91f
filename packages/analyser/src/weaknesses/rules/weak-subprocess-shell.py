import subprocess
from subprocess import Popen as start

subprocess.run(command, shell=True)  # finding: weak-subprocess-shell
start(command, shell=1)  # finding: weak-subprocess-shell
subprocess.run([program, argument])  # ok: weak-subprocess-shell
subprocess.run([program, argument], shell=False)  # ok: weak-subprocess-shell
