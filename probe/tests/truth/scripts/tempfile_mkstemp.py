import os
import tempfile

descriptor, path = tempfile.mkstemp(suffix=".txt")
os.write(descriptor, b"x")
os.close(descriptor)
print(os.path.getsize(path))
os.unlink(path)
