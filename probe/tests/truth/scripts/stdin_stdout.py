import sys

sys.stdout.write("text\n")
sys.stderr.write("error\n")
print(sys.stdin.read() == "")
