"""A form for minutes."""

from datetime import date
open(f"minutes-{date.today()}.md", "w").write("# Minutes\n\n- present:\n- decided:\n" * 3)
