# mode: command
import sys; print(sys.argv, __name__, '__file__' in globals()); open('/nonexistent')
