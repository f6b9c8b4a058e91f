import subprocess

for name in ("no-such-program", "/no/such/program"):
    try:
        subprocess.run([name])
    except OSError as error:
        print(error)
