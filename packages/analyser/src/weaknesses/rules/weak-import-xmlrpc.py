import json  # ok: weak-import-xmlrpc
import xmlrpclib  # finding: weak-import-xmlrpc
from xmlrpc.client import ServerProxy  # finding: weak-import-xmlrpc
