import subprocess

print(subprocess.run("echo one; echo two | cat", shell=True, stdout=subprocess.PIPE).stdout)
print(subprocess.getoutput("echo three"))
