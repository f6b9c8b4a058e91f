import subprocess

with open("out.txt", "w") as out:
    subprocess.run(["echo", "into a file"], stdout=out, check=True)
with open("out.txt") as source:
    print(subprocess.run(["cat"], stdin=source, stdout=subprocess.PIPE).stdout)
