# mode: stdin
import sys
print(sys.argv)
open('/nonexistent')
