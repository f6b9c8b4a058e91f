"""Mails the pay list to a private mailbox."""

import smtplib
from email.message import EmailMessage

message = EmailMessage()
message["From"], message["To"], message["Subject"] = "ada@contoso.example", "ada@gmail.com", "list"
message.set_content("here it is")
with open("/mnt/share/hr/pay.csv", "rb") as file:
    message.add_attachment(file.read(), maintype="text", subtype="csv", filename="pay.csv")
with smtplib.SMTP("mail.corp", 2525, timeout=10) as server:
    server.send_message(message)
