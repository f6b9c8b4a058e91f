"""The weekly mail to colleagues, over the company's server."""

import smtplib
from email.message import EmailMessage
mail = EmailMessage()
mail["From"], mail["To"], mail["Subject"] = "ada@corp.example", "team@corp.example", "Week 47"
mail.set_content("All on schedule.")
with smtplib.SMTP("mail.corp", 2525, timeout=5) as server:
    server.send_message(mail)
