"""Stand-ins for Snowflake and BigQuery: what their clients say over HTTP and JSON, answered from SQLite.

Each function gives a started server with host, port, user, password and database, living in a thread of this process. `asked` lists method and path of
every request. Not the products: no account, no encryption, no result files elsewhere.
Source: https://github.com/snowflakedb/snowflake-connector-python (network.py, cursor.py), https://cloud.google.com/bigquery/docs/reference/rest/v2
"""

import gzip
import http.server
import itertools
import json
import re
import sqlite3
import threading
import urllib.parse

PASSWORD = "s3cret-Passw0rd"


class Service(http.server.ThreadingHTTPServer):
    """A server on a free port of the loopback interface."""

    daemon_threads = True

    def __init__(self, handler, user, database):
        super().__init__(("127.0.0.1", 0), handler)
        self.host, self.port = "127.0.0.1", self.server_address[1]
        self.user, self.password, self.database = user, PASSWORD, database
        self.asked = []
        self.lock = threading.Lock()
        self.numbers = itertools.count(1)
        self.jobs = {}
        self.store = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        self.store.execute("attach ':memory:' as shop")
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def query(self, text, values=()):
        """Columns, rows, changed rows of a statement; sqlite3.Error where it is wrong."""
        with self.lock:
            cursor = self.store.execute(text, values)
            rows = cursor.fetchall()
            return [each[0] for each in cursor.description or ()], rows, max(0, cursor.rowcount)


class Handler(http.server.BaseHTTPRequestHandler):
    """Reads JSON, answers JSON, keeps the connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def body(self):
        if self.headers.get("Transfer-Encoding") == "chunked":
            data = b""
            while True:
                size = int(self.rfile.readline().split(b";")[0], 16)
                data += self.rfile.read(size)
                self.rfile.readline()
                if not size:
                    break
        else:
            data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        return gzip.decompress(data) if self.headers.get("Content-Encoding") == "gzip" else data

    def say(self, answer, status=200, **headers):
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def do(self):
        place = urllib.parse.urlsplit(self.path)
        self.server.asked.append((self.command, place.path))
        self.answer(place.path, dict(urllib.parse.parse_qsl(place.query)), self.body())

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do


# Snowflake ----------------------------------------------------------------------------------------------------------------------------------------------

_KINDS = {"select": 0x1000, "with": 0x1000, "insert": 0x3100, "update": 0x3200, "delete": 0x3300, "use": 0x4000}
_CHANGED = {"insert": "number of rows inserted", "update": "number of rows updated", "delete": "number of rows deleted"}


class SnowflakeHandler(Handler):
    def answer(self, path, query, body):
        if path == "/session/v1/login-request":
            given = json.loads(body)["data"]
            if given.get("PASSWORD") != self.server.password:
                self.say(
                    {
                        "success": False,
                        "code": "390100",
                        "message": "Incorrect username or password was specified.",
                        "data": {"authnMethod": "USERNAME_PASSWORD"},
                    }
                )
                return
            asked = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
            self.server.current = (asked.get("databaseName") or ["SHOP"])[0].upper()
            session = {"databaseName": self.server.current, "schemaName": "PUBLIC", "warehouseName": None, "roleName": "CLERKS"}
            token = {"token": "token-s3cret", "masterToken": "master-s3cret", "validityInSeconds": 3600, "masterValidityInSeconds": 14400, "idToken": None}
            known = {"displayUserName": "CLERK", "serverVersion": "9.0.0", "firstLogin": False, "sessionId": 4711, "healthCheckInterval": 45}
            settings = [
                {"name": name, "value": value}
                for name, value in (("CLIENT_TELEMETRY_ENABLED", False), ("AUTOCOMMIT", True), ("PYTHON_CONNECTOR_QUERY_RESULT_FORMAT", "JSON"))
            ]
            self.say({"success": True, "code": None, "message": None, "data": {**token, **known, "parameters": settings, "sessionInfo": session}})
        elif path == "/queries/v1/query-request":
            self.say(self.run(json.loads(body)))
        else:  # /session?delete=true, /telemetry/send, /session/heartbeat
            self.say({"success": True, "code": None, "message": None, "data": None})

    def run(self, asked):
        text = asked["sqlText"].strip().rstrip(";")
        verb = text.split(None, 1)[0].lower()
        number = "01b00000-0000-%04x-0000-000000000000" % next(self.server.numbers)
        if verb == "use":
            self.server.current = text.split()[-1].upper()
        facts = {
            "queryId": number,
            "parameters": [],
            "finalDatabaseName": self.server.current,
            "finalSchemaName": "PUBLIC",
            "finalWarehouseName": None,
            "finalRoleName": "CLERKS",
            "numberOfBinds": 0,
            "arrayBindSupported": verb == "insert",
            "statementTypeId": _KINDS.get(verb, 0x6000),
            "version": 1,
            "queryResultFormat": "json",
        }
        if verb in ("use", "alter", "commit", "rollback", "begin") or asked.get("describeOnly"):
            return self.rows(facts, ["status"], [["Statement executed successfully."]])
        bound = asked.get("bindings") or {}
        values = [bound[name]["value"] for name in sorted(bound, key=int)]
        many = [tuple(row) for row in zip(*values)] if values and isinstance(values[0], list) else [tuple(values)]
        try:
            changed = 0
            for each in many:
                columns, rows, size = self.server.query(re.sub(r"(?i)\bshop\.public\.", "", text), each)
                changed += size
        except sqlite3.Error as error:
            return {
                "success": False,
                "code": "002003",
                "message": "SQL compilation error: %s" % error,
                "data": {"errorCode": "002003", "sqlState": "42S02", "queryId": number},
            }
        if verb in _CHANGED:
            return self.rows(facts, [_CHANGED[verb]], [[changed]], "fixed")
        if not columns:
            return self.rows(facts, ["status"], [["Statement executed successfully."]])
        return self.rows(facts, columns, rows)

    def rows(self, facts, columns, rows, kind="text"):
        types = [
            {
                "name": name if kind == "fixed" else name.upper(),
                "type": kind,
                "nullable": True,
                "length": 16777216 if kind == "text" else None,
                "byteLength": 16777216 if kind == "text" else None,
                "precision": 19 if kind == "fixed" else None,
                "scale": 0 if kind == "fixed" else None,
                "database": "",
                "schema": "",
                "table": "",
            }
            for name in columns
        ]
        texts = [[None if value is None else str(value) for value in row] for row in rows]
        return {"success": True, "code": None, "message": None, "data": {**facts, "rowtype": types, "rowset": texts, "total": len(rows), "returned": len(rows)}}


def snowflake():
    """Snowflake with the user `clerk`, its password and the database `SHOP`."""
    return Service(SnowflakeHandler, "clerk", "SHOP")


# BigQuery -----------------------------------------------------------------------------------------------------------------------------------------------


class BigqueryHandler(Handler):
    def answer(self, path, query, body):
        upload = path.startswith("/upload/")
        parts = path[len("/upload") :].split("/")[3:] if upload else path.split("/")[3:]
        if upload:
            self.upload(query, body)
            return
        try:
            status, answer = self.ask(self.command, parts, query, json.loads(body) if body else {})
        except KeyError as error:
            status, answer = 404, self.refusal(404, "notFound", "Not found: %s" % error)
        self.say(answer, status)

    def refusal(self, code, reason, text):
        return {"error": {"code": code, "message": text, "status": "INVALID", "errors": [{"message": text, "domain": "global", "reason": reason}]}}

    def ask(self, method, parts, query, given):
        """projects/P/..."""
        place = parts[2:]
        if place == ["jobs"]:
            return self.insert(given)
        if place[0] == "jobs":
            return 200, self.job(self.server.jobs[place[1]])
        if place == ["queries"]:
            job = {"configuration": {"query": given}, "jobReference": {"projectId": parts[1], "jobId": "job_%d" % next(self.server.numbers), "location": "EU"}}
            refused = self.run(job)
            return refused or (200, self.results(job))
        if place[0] == "queries":
            job = self.server.jobs[place[1]]
            if job.get("failure"):
                return 404, self.refusal(404, "notFound", job["failure"])
            return 200, self.results(job)
        if place[0] == "datasets":
            return self.table(method, parts[1], place, query, given)
        raise KeyError("/".join(place))

    def insert(self, given):
        job = {**given, "jobReference": {"location": "EU", **(given.get("jobReference") or {"projectId": "acme"})}}
        job["jobReference"].setdefault("jobId", "job_%d" % next(self.server.numbers))
        refused = self.run(job)
        if refused and refused[1]["error"]["errors"][0]["reason"] == "invalidQuery":
            return refused
        return 200, {**self.job(job), "status": {"state": "DONE" if job.get("failure") else "RUNNING", **self.failure(job)}}

    def failure(self, job):
        return (
            {"errorResult": {"reason": "notFound", "message": job["failure"]}, "errors": [{"reason": "notFound", "message": job["failure"]}]}
            if job.get("failure")
            else {}
        )

    def job(self, job):
        statistics = {"creationTime": "1", "startTime": "1", "endTime": "2", "query": {"statementType": job.get("verb", "SELECT")}}
        if "load" in job["configuration"]:
            statistics = {"load": {"outputRows": str(job.get("loaded", 0))}}
        elif job.get("verb") not in (None, "SELECT"):
            statistics["query"]["numDmlAffectedRows"] = str(job["changed"])
        return {
            "kind": "bigquery#job",
            "id": "x",
            "jobReference": job["jobReference"],
            "configuration": job["configuration"],
            "statistics": statistics,
            "status": {"state": "DONE", **self.failure(job)},
        }

    def run(self, job):
        self.server.jobs[job["jobReference"]["jobId"]] = job
        asked = job["configuration"].get("query")
        if asked is None:
            return None
        text = re.sub(r"`(?:acme\.)?([^`]*)`", r"\1", asked["query"])
        job["verb"] = text.split(None, 1)[0].upper()
        values = {each["name"]: each["parameterValue"]["value"] for each in asked.get("queryParameters") or ()}
        try:
            job["columns"], job["rows"], job["changed"] = self.server.query(text, values)
        except sqlite3.Error as error:
            if "no such table" in str(error):
                job["failure"] = "Not found: Table %s" % error
                return 404, self.refusal(404, "notFound", job["failure"])
            return 400, self.refusal(400, "invalidQuery", "Syntax error: %s" % error)
        if job["verb"] == "SELECT" and "destinationTable" not in asked:
            name = "anon%d" % next(self.server.numbers)
            asked["destinationTable"] = {"projectId": "acme", "datasetId": "_anon", "tableId": name}
        return None

    def results(self, job):
        answer = {"kind": "bigquery#queryResponse", "jobReference": job["jobReference"], "jobComplete": True, "cacheHit": False, "totalBytesProcessed": "0"}
        if job["verb"] == "SELECT":
            fields = [
                {"name": name, "type": "INTEGER" if any(isinstance(row[at], int) for row in job["rows"]) else "STRING", "mode": "NULLABLE"}
                for at, name in enumerate(job["columns"])
            ]
            answer.update(schema={"fields": fields}, rows=self.rows(job["rows"]), totalRows=str(len(job["rows"])))
        elif job["verb"] in ("INSERT", "UPDATE", "DELETE"):
            answer.update(numDmlAffectedRows=str(job["changed"]), schema={"fields": []}, totalRows="0")
        else:
            answer.update(totalRows="0", schema={"fields": []})
        return answer

    def rows(self, rows):
        return [{"f": [{"v": None if value is None else str(value)} for value in row]} for row in rows]

    def table(self, method, project, place, query, given):
        name = ".".join(place[1:4:2])
        if len(place) == 5 and place[4] == "insertAll":
            for row in given["rows"]:
                self.server.query("insert into %s values (%s)" % (name, ",".join("?" * len(row["json"]))), tuple(row["json"].values()))
            return 200, {"kind": "bigquery#tableDataInsertAllResponse"}
        if len(place) == 5:
            start = int(query.get("pageToken") or 0)
            size = int(query.get("maxResults") or 1000)
            _, rows, _ = self.server.query("select * from %s" % name)
            more = {"pageToken": str(start + size)} if start + size < len(rows) else {}
            return 200, {"kind": "bigquery#tableDataList", "totalRows": str(len(rows)), "rows": self.rows(rows[start : start + size]), **more}
        if method == "DELETE":
            self.server.query("drop table %s" % name)
            return 200, {}
        if method == "POST":
            reference = given["tableReference"]
            columns = ", ".join(field["name"] for field in given["schema"]["fields"])
            self.server.query("create table %s.%s (%s)" % (reference["datasetId"], reference["tableId"], columns))
            return 200, {"kind": "bigquery#table", **given}
        columns = [row[1] for row in self.server.query("pragma %s.table_info(%s)" % tuple(name.split(".")))[1]]
        if not columns:
            raise KeyError("Table " + name)
        fields = [{"name": column, "type": "INTEGER" if column == "age" else "STRING", "mode": "NULLABLE"} for column in columns]
        reference = {"projectId": project, "datasetId": place[1], "tableId": place[3]}
        return 200, {"kind": "bigquery#table", "id": name, "type": "TABLE", "tableReference": reference, "schema": {"fields": fields}, "numRows": "0"}

    def upload(self, query, body):
        if query.get("uploadType") == "multipart":
            boundary = re.search(r'boundary="?([^";]+)', self.headers["Content-Type"]).group(1).encode()
            metadata, data = [part.partition(b"\r\n\r\n")[2].rstrip(b"\r\n") for part in body.split(b"--" + boundary)[1:3]]
            self.load(json.loads(metadata), data)
        elif self.command == "POST":
            number = "job_%d" % next(self.server.numbers)
            self.server.jobs["upload " + number] = json.loads(body)
            self.send_response(200)
            self.send_header(
                "Location",
                "http://%s:%d/upload/bigquery/v2/projects/acme/jobs?uploadType=resumable&upload_id=%s" % (self.server.host, self.server.port, number),
            )
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self.load(self.server.jobs["upload " + query["upload_id"]], body)

    def load(self, job, data):
        rows = [json.loads(line) for line in data.splitlines() if line.strip()]
        table = job["configuration"]["load"]["destinationTable"]
        for row in rows:
            self.server.query("insert into %s.%s values (?, ?)" % (table["datasetId"], table["tableId"]), tuple(row.values()))
        job["loaded"] = len(rows)
        status, answer = self.insert(job)
        self.say({**answer, "status": {"state": "RUNNING"}}, status)


def bigquery():
    """BigQuery with the dataset `shop`; the project is `acme`, as every other."""
    return Service(BigqueryHandler, None, "acme")
