# options: -W error
import json, sqlite3, socket, subprocess
print(json.dumps({}))
subprocess.run(['true'])
c = sqlite3.connect(':memory:'); c.execute('select 1'); c.close()
