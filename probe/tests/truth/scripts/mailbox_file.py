import mailbox

box = mailbox.mbox("mail.mbox")
message = mailbox.mboxMessage()
message.set_payload("hello")
box.add(message)
box.flush()
box.close()
print(len(mailbox.mbox("mail.mbox")))
