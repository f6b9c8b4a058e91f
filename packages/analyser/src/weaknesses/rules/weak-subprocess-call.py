import subprocess

subprocess.run([program, argument])  # finding: weak-subprocess-call
subprocess.call(["/bin/ls", "-l"])  # finding: weak-subprocess-call
subprocess.run(command, shell=True)  # ok: weak-subprocess-call
