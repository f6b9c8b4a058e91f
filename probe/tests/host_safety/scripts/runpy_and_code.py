import runpy, code, sys
print(sorted(k for k in runpy.run_path(__file__, run_name='other') if k[0] != '_')) if __name__ == '__main__' else None
code.InteractiveInterpreter().runsource('1/0')
if __name__ == '__main__': runpy.run_module('nothing_like_it')
