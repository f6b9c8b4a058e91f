import sys, json, os, subprocess
seen = []
def trace(frame, event, arg):
    name = frame.f_code.co_filename
    if event == 'call': seen.append((os.path.basename(name), frame.f_code.co_name))
    return trace
sys.setprofile(trace)
open(__file__).close(); os.path.exists('/x'); import colorsys; json.dumps([1]); 
try: open('/nonexistent')
except OSError: pass
os.system('true')
sys.setprofile(None)
print([s for s in seen if not s[0].startswith('<frozen')])
