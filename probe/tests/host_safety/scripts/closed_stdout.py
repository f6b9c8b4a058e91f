import sys
sys.stdout.close()
sys.stderr.write('still\n')
print('x')
