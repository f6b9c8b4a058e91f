import os
import subprocess

os.mkdir("elsewhere")
subprocess.run(["touch", "made"], cwd="elsewhere", env={"PATH": os.environ["PATH"]}, check=True)
print(os.listdir("elsewhere"))
