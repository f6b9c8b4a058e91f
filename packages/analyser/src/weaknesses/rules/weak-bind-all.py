server.bind(("0.0.0.0", 80))  # finding: weak-bind-all
server.bind(("127.0.0.1", 80))  # ok: weak-bind-all
version = "10.0.0.0.1"  # ok: weak-bind-all
