"""google-cloud-bigquery against a stand-in for the service, and google-cloud-bigquery-storage over gRPC against one of its own."""

import os
import subprocess
import unittest

from .cloud_servers import bigquery
from .databases import DatabaseTest

SCRIPT = """
import io, os
from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery
E = os.environ
def connect(port): return bigquery.Client(project="acme", credentials=AnonymousCredentials(), client_options={"api_endpoint": "http://%s:%s" % (E["DB_HOST"], port)})
c = connect(E["DB_PORT"])
def run(text, **more): return c.query(text, job_config=bigquery.QueryJobConfig(**more)).result()
run("drop table if exists shop.people"); run("create table shop.people(name string, age integer)")
for i in range(5): run("insert into shop.people values('hunter2', %d)" % i)
config = bigquery.QueryJobConfig(query_parameters=[bigquery.ScalarQueryParameter("who", "STRING", "hunter2")])
job = c.query("insert into shop.people values(@who, 1)", job_config=config); job.result(); print(job.num_dml_affected_rows)
print(c.insert_rows_json("acme.shop.people", [{"name": "hunter2", "age": i} for i in range(10)]))
print(c.load_table_from_json([{"name": "a", "age": i} for i in range(20)], "acme.shop.people", job_config=bigquery.LoadJobConfig(autodetect=False, schema=[])).result().output_rows)
config = bigquery.LoadJobConfig(source_format="NEWLINE_DELIMITED_JSON")
print(c.load_table_from_file(io.BytesIO(b'{"name": "b", "age": 1}\\n' * 4), "acme.shop.people", job_config=config, size=96).result().output_rows)
print(len(list(run("select name, age from `acme.shop.people` where name = 'hunter2'"))), len(list(run("select age from shop.people where age < 3"))))
print(len(list(c.list_rows("acme.shop.people", page_size=15))), c.get_table("acme.shop.people").full_table_id)
job = c.query("update shop.people set age = age + 1 where name = 'hunter2'"); job.result(); print(job.num_dml_affected_rows)
print(len(list(getattr(c, "query_and_wait", run)("select name as x from shop.people where age > 1"))))
for text in ("select * from shop.nowhere", "selec hunter2"):
    try: run(text)
    except Exception as error: print(type(error).__name__, error.code)
c.copy_table("acme.shop.people", "acme.shop.copy").result(); c.extract_table("acme.shop.people", "gs://hunter2/x").result()
c.create_table(bigquery.Table("acme.shop.made", schema=[bigquery.SchemaField("x", "STRING")])); c.delete_table("acme.shop.made")
print(type(c), bigquery.Client.query.__name__, c._connection.api_request.__func__.__qualname__)
from google.cloud.bigquery import dbapi
if hasattr(c, "query_and_wait"):
    cursor = dbapi.connect(c, prefer_bqstorage_client=False).cursor()
    cursor.execute("select count(*) as n from shop.people"); print(cursor.fetchall()[0][0])
else: print(list(run("select count(*) as n from shop.people"))[0][0])  # it reads by read sessions alone
try: connect(1).query("select 1", retry=None, job_retry=None) if "job_retry" in c.query.__code__.co_varnames else connect(1).query("select 1", retry=None)
except Exception as error: print(type(error).__name__)
"""

STORAGE_SERVER = """
import io, sys
from concurrent import futures
import grpc, pyarrow
from google.cloud.bigquery_storage_v1 import types
batch = pyarrow.record_batch([pyarrow.array(["hunter2"] * 100), pyarrow.array(range(100))], names=["name", "age"])
def create(request, context):
    session = types.ReadSession(name="projects/acme/locations/eu/sessions/1", table=request.read_session.table, data_format=types.DataFormat.ARROW)
    session.arrow_schema = types.ArrowSchema(serialized_schema=batch.schema.serialize().to_pybytes())
    session.streams = [types.ReadStream(name="projects/acme/locations/eu/sessions/1/streams/%d" % n) for n in range(2)]
    return session
def read(request, context):
    for _ in range(3):
        yield types.ReadRowsResponse(row_count=100, arrow_record_batch=types.ArrowRecordBatch(serialized_record_batch=batch.serialize().to_pybytes()))
S = "google.cloud.bigquery.storage.v1.BigQueryRead"
handlers = {
    "CreateReadSession": grpc.unary_unary_rpc_method_handler(create, types.CreateReadSessionRequest.deserialize, types.ReadSession.serialize),
    "ReadRows": grpc.unary_stream_rpc_method_handler(read, types.ReadRowsRequest.deserialize, types.ReadRowsResponse.serialize),
}
server = grpc.server(futures.ThreadPoolExecutor(2)); server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(S, handlers),))
print(server.add_insecure_port("127.0.0.1:0"), flush=True); server.start(); sys.stdin.read(); server.stop(0)
"""
STORAGE = """
import os, grpc
from google.cloud import bigquery_storage
from google.cloud.bigquery_storage_v1.services.big_query_read.transports import BigQueryReadGrpcTransport
channel = grpc.insecure_channel("127.0.0.1:" + os.environ["STORAGE_PORT"])
c = bigquery_storage.BigQueryReadClient(transport=BigQueryReadGrpcTransport(channel=channel))
wanted = bigquery_storage.types.ReadSession(table="projects/acme/datasets/shop/tables/people", data_format=bigquery_storage.types.DataFormat.ARROW)
session = c.create_read_session(parent="projects/acme", read_session=wanted, max_stream_count=2)
reader = c.read_rows(session.streams[0].name)
print(type(reader).__name__, type(iter(reader)).__name__, bigquery_storage.types.ReadRowsResponse.__name__)
print(c.read_rows(session.streams[0].name).to_arrow(session).num_rows, sum(m.row_count for m in c.read_rows(session.streams[1].name)))
for message in c.read_rows(session.streams[1].name): break
channel.close()
try: c.create_read_session(parent="projects/acme", read_session=wanted)
except ValueError as error: print(error)
"""


class BigqueryTest(DatabaseTest):
    SERVICE = (bigquery,)
    NEWEST = ("google-cloud-bigquery==3.47.0", "google-cloud-bigquery-storage==2.43.0", "pyarrow==26.0.1")
    OLDEST = ("google-cloud-bigquery==2.34.4", "google-cloud-bigquery-storage==2.13.2", "pyarrow==11.0.0")

    def test_statements_rows_and_errors(self):
        for python in self.each():
            del self.service.asked[:]
            run = self.watch(python, SCRIPT)
            wanted = [
                ("COPY", "shop.copy,shop.people", 1, 0, 0),
                ("DDL", "shop.made", 2, 0, 0),
                ("DDL", "shop.people", 1, 0, 0),
                ("DDL", "shop.people", 1, 0, 0),
                ("EXPORT", "shop.people", 1, 0, 0),
                ("INSERT", "shop.people", 1, 10, 0),
                ("INSERT", "shop.people", 6, 6, 0),
                ("LOAD", "shop.people", 2, 24, 0),
                ("OTHER", "", 1, 0, 1),
                ("SELECT", "", 1, 0, 1),
                ("SELECT", "acme.shop.people", 1, 16, 0),
                ("SELECT", "shop.nowhere", 1, 0, 1),
                ("SELECT", "shop.people", 1, 1, 0),
                ("SELECT", "shop.people", 1, 14, 0),
                ("SELECT", "shop.people", 1, 32, 0),
                ("SELECT", "shop.people", 1, 40, 0),
                ("UPDATE", "shop.people", 1, 16, 0),
            ]
            self.assertEqual(self.statements(run), wanted)
            here = ("gcp.bigquery", self.service.host, str(self.service.port), "acme", None)
            self.assertEqual({self.place(r) for r in run.of("db.query")}, {here, (*here[:2], "1", *here[3:])})
            self.assertEqual(sorted((r["server.port"], r.count, r.errors) for r in run.of("db.connect")), sorted([(str(self.service.port), 1, 0), ("1", 1, 1)]))
            self.assertEqual(sum(r.count for r in run.of("http.request")), len(self.service.asked) // 2)

    def test_read_sessions(self):
        for python in self.each():
            server = subprocess.Popen([python, "-c", STORAGE_SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={"PATH": os.environ["PATH"]})
            self.addCleanup(server.communicate)
            port = server.stdout.readline().decode().strip()
            run = self.watch(python, STORAGE, STORAGE_PORT=port)
            self.assertEqual(self.statements(run), [("SELECT", "shop.people", 2, 700, 1)])
            record = run.of("db.query")[0]
            self.assertEqual(self.place(record), ("gcp.bigquery", "127.0.0.1", port, "acme", None))
            self.assertGreater(record.bytes_in, 700 * 8)


if __name__ == "__main__":
    unittest.main()
