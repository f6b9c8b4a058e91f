# smtplib's methods and errors as without the probe.
import inspect
import pickle
import smtplib

print(inspect.signature(smtplib.SMTP.sendmail), smtplib.SMTP.sendmail.__qualname__, inspect.isfunction(smtplib.SMTP.sendmail))
print(pickle.loads(pickle.dumps(smtplib.SMTP.sendmail)) is smtplib.SMTP.sendmail)


class Mine(smtplib.SMTP):
    def sendmail(self, *args):
        return "mine"


print(Mine().sendmail("a", "b", "c"))
try:
    smtplib.SMTP().sendmail("a@b", "c@d", "text")
except smtplib.SMTPServerDisconnected as error:
    print(repr(error))
