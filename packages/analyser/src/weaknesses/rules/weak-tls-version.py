import ssl
from OpenSSL import SSL

SSL.Context(method=SSL.SSLv3_METHOD)  # finding: weak-tls-version
SSL.Context(SSL.TLSv1_METHOD)  # finding: weak-tls-version
connect(ssl_version=ssl.PROTOCOL_SSLv3)  # finding: weak-tls-version
SSL.Context(method=SSL.TLSv1_2_METHOD)  # ok: weak-tls-version
ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # ok: weak-tls-version
