# mode: interactive
x = 1
x + 1
1/0
def f():
    open('/nonexistent')

f()
import sys
sys.exit(3)
