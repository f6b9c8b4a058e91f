import paramiko

client = paramiko.SSHClient()
client.exec_command("restart " + service)  # finding: weak-ssh-command
client.connect("host")  # ok: weak-ssh-command
