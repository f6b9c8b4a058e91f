import os
import commands

os.system("cls")  # finding: weak-shell-start
os.popen("dir " + folder)  # finding: weak-shell-start
commands.getoutput(line)  # finding: weak-shell-start
platform.system()  # ok: weak-shell-start
