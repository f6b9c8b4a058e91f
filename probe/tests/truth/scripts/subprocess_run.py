import subprocess

print(subprocess.run(["echo", "a"], stdout=subprocess.PIPE).stdout)
print(subprocess.check_output(["/bin/echo", "b"]))
print(subprocess.call(["true"]), subprocess.run(["false"]).returncode)
