import subprocess

for number in range(10):
    subprocess.run(["true"])
children = [subprocess.Popen(["true"]) for number in range(5)]
print([child.wait() for child in children])
