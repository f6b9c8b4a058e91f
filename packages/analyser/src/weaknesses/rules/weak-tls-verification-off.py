import requests

requests.get(address, verify=False)  # finding: weak-tls-verification-off
session = requests.Session()
session.post(address, verify=False)  # finding: weak-tls-verification-off
session.verify = False  # finding: weak-tls-verification-off
requests.get(address, verify="company.pem")  # ok: weak-tls-verification-off
form.validate(verify=False)  # ok: weak-tls-verification-off
