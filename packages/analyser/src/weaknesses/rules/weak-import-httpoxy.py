from twisted.web import static, twcgi

root.putChild("login.cgi", twcgi.CGIScript("/var/www/login.py"))  # finding: weak-import-httpoxy
static.File("/root")  # ok: weak-import-httpoxy
