"""The next invoice numbers."""

import json
from pathlib import Path
state = Path("numbers.json")
last = json.loads(state.read_text())["last"] if state.exists() else 1000
state.write_text(json.dumps({"last": last + 5}))
print([f"R-{n}" for n in range(last + 1, last + 6)])
