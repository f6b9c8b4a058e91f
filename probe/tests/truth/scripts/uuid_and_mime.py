import mimetypes
import uuid
import webbrowser

print(mimetypes.guess_type("a.html"), bool(uuid.getnode()), webbrowser.__name__)
