"""Mail and cloud storage, with the libraries themselves against servers on loopback.

Real: smtplib and aiosmtplib speak SMTP to a server here; boto3, google-cloud-storage, azure-storage-blob and dropbox speak HTTP to one that answers as their
services do for the few operations used. exchangelib sends without a server: the request beneath is replaced.
"""

import os
import socketserver
import subprocess
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from ..environments import environment
from ..support import ProbeTestCase

NEWEST = ("boto3==1.44.5", "google-cloud-storage==3.17.1", "azure-storage-blob==12.31.1", "dropbox==12.2.4", "aiosmtplib==5.1.3", "exchangelib==5.6.0")
OLDEST = ("boto3==1.20.0", "google-cloud-storage==2.0.0", "azure-storage-blob==12.9.0", "dropbox==11.36.2", "aiosmtplib==2.0.2", "setuptools==75.0.0")
IS_LONG = os.environ.get("SENTINEL_TEST_LONG") == "1"


class Smtp(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"220 here\r\n")
        in_data = False
        for line in self.rfile:
            word = line.strip().upper()
            if in_data:
                in_data = word != b"."
                if not in_data:
                    self.wfile.write(b"250 ok\r\n")
            elif word.startswith(b"DATA"):
                in_data = True
                self.wfile.write(b"354 go\r\n")
            elif word.startswith(b"QUIT"):
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                self.wfile.write(b"250 ok\r\n")


class Storage(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        size = int(self.headers.get("Content-Length") or 0)
        if self.headers.get("Transfer-Encoding") == "chunked":
            while True:
                length = int(self.rfile.readline().partition(b";")[0], 16)
                self.rfile.read(length)
                self.rfile.readline()
                if not length:
                    break
        else:
            self.rfile.read(size)
        body, kind = b"", "application/xml"
        if "/2/" in self.path:
            body, kind = b'{"account_id": "dbid:1", "name": {}, "email": "a@b.c", ".tag": "x"}', "application/json"
        elif "/storage/" in self.path or "/upload/" in self.path or "/b/" in self.path:
            body, kind = b'{"name": "o", "bucket": "company-data", "generation": "1", "size": "3"}', "application/json"
        self.send_response(201 if self.command == "PUT" and "acct" in self.path else 200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", '"0x1"')
        self.send_header("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT")
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_PUT = do_POST = do_DELETE = answer

    def log_message(self, *args):
        pass


class MailAndStorageTest(ProbeTestCase):
    requirements = NEWEST

    @classmethod
    def setUpClass(cls):
        cls.interpreter = environment(*cls.requirements)

    def serve(self, server):
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return server.server_address[1]

    def run_script(self, text):
        done = subprocess.run([self.interpreter, "-W", "ignore", self.script(text)], cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.environment(), timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        run = next(run for run in self.runs() if run.hello.get("sentinel.script.path", "").endswith("script.py"))
        self.assertEqual(run.of("probe.error"), [])
        self.assertNotIn(b"hunter2", run.data)
        return run

    def mails(self, run):
        return [
            (
                record["sentinel.library.name"],
                record.get("server.address"),
                record["sentinel.mail.domains"],
                record["sentinel.mail.recipients"],
                record["sentinel.mail.attachments"],
                record.count,
            )
            for record in run.of("mail.send")
        ]

    MESSAGE = (
        "from email.message import EmailMessage\n"
        "m = EmailMessage(); m['From'] = 'hunter2@here.org'; m['To'] = 'hunter2@a.org, Hunter <hunter2@B.org>'; m['Subject'] = 'hunter2'; m.set_content('hunter2')\n"
        "m.add_attachment(b'x' * 1000, maintype='application', subtype='pdf', filename='hunter2.pdf')\n"
    )

    def test_smtplib(self):
        port = self.serve(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Smtp))
        run = self.run_script(
            self.MESSAGE + "import smtplib\n"
            "with smtplib.SMTP('127.0.0.1', %d) as s:\n    s.send_message(m); s.send_message(m); s.sendmail('hunter2@x', 'hunter2@c.org', 'hunter2')\n" % port
        )
        self.assertEqual(self.mails(run), [("smtplib", "127.0.0.1", "a.org,b.org", "4", "2", 2), ("smtplib", "127.0.0.1", "c.org", "1", "0", 1)])
        first = run.of("mail.send")[0]
        self.assertEqual(first["server.port"], str(port))
        self.assertGreater(first.bytes_out, 2000)

    def test_aiosmtplib(self):
        port = self.serve(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Smtp))
        run = self.run_script(
            self.MESSAGE + "import aiosmtplib, asyncio, inspect\nassert inspect.iscoroutinefunction(aiosmtplib.SMTP.sendmail)\n"
            "asyncio.run(aiosmtplib.send(m, hostname='127.0.0.1', port=%d, start_tls=False))\n" % port
        )
        self.assertEqual(self.mails(run), [("aiosmtplib", "127.0.0.1", "a.org,b.org", "2", "1", 1)])

    def test_exchangelib(self):
        if not any(each.startswith("exchangelib") for each in self.requirements):
            self.skipTest("not in this set")
        run = self.run_script(
            "from types import SimpleNamespace as Of\nfrom exchangelib import Message, Mailbox\nfrom exchangelib.version import EXCHANGE_2016\n"
            "Message._create = lambda self, **named: None\n"
            "m = Message(to_recipients=[Mailbox(email_address='hunter2@a.org')], subject='hunter2')\n"
            "m.account = Of(version=Of(build=EXCHANGE_2016), protocol=Of(server='mail.a.org')); m.send(save_copy=False); m.send_and_save()\n"
        )
        self.assertEqual(self.mails(run), [("exchangelib", "mail.a.org", "a.org", "2", "0", 2)])

    def test_storage(self):
        port = self.serve(ThreadingHTTPServer(("127.0.0.1", 0), Storage))
        run = self.run_script(
            "import boto3\n"
            "s3 = boto3.client('s3', endpoint_url='http://127.0.0.1:%(port)d', aws_access_key_id='hunter2', aws_secret_access_key='hunter2', region_name='us-east-1')\n"
            "s3.put_object(Bucket='company-data', Key='hunter2', Body=b'abc'); s3.put_object(Bucket='company-data', Key='hunter2b', Body=b'abc'); s3.list_buckets()\n"
            "from google.cloud import storage\nfrom google.auth.credentials import AnonymousCredentials\n"
            "g = storage.Client(project='p', credentials=AnonymousCredentials(), client_options={'api_endpoint': 'http://127.0.0.1:%(port)d'})\n"
            "g.bucket('company-data').blob('hunter2').delete()\n"
            "from azure.storage.blob import BlobClient\n"
            "b = BlobClient('http://127.0.0.1:%(port)d/acct', 'reports', 'hunter2'); b.upload_blob(b'abc', overwrite=True)\n" % {"port": port}
        )
        found = [(r["cloud.provider"], r["sentinel.storage.operation"], r.get("sentinel.storage.container"), r.count) for r in run.of("storage.call")]
        self.assertEqual(
            [each for each in found if each[0] != "azure"], [("aws", "PutObject", "company-data", 2), ("aws", "ListBuckets", None, 1), ("gcp", "delete", "company-data", 1)]
        )
        self.assertEqual([(each[0], each[1], each[2].rpartition("/")[2]) for each in found if each[0] == "azure"], [("azure", "upload_blob", "reports")])

    def test_dropbox(self):
        port = self.serve(ThreadingHTTPServer(("127.0.0.1", 0), Storage))
        run = self.run_script(
            "import dropbox, dropbox.dropbox_client as c\n"
            "d = dropbox.Dropbox('hunter2', max_retries_on_error=0)\n"
            "d._host_map = {k: '127.0.0.1:%d' for k in d._host_map}\n"
            "d._get_route_url = lambda hostname, route: 'http://%%s/2/%%s' %% (hostname, route)\n"
            "try: d.users_get_current_account()\nexcept Exception as error: print(repr(error)[:300])\n"
            "try: d.check_user('x')\nexcept Exception as error: print(repr(error)[:300])\n" % port
        )
        self.assertLessEqual({record["cloud.provider"] for record in run.of("storage.call")}, {"dropbox"})


if IS_LONG:

    class OldMailAndStorageTest(MailAndStorageTest):
        requirements = OLDEST


if __name__ == "__main__":
    unittest.main()
