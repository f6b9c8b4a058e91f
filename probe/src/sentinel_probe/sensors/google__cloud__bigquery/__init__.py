"""BigQuery through google-cloud-bigquery, and the tables read through google-cloud-bigquery-storage.

Watches: `api_request` of the client's connection, through which each call of the REST interface goes with its parts; `_do_multipart_upload` and
`_initiate_resumable_upload` of `Client` (data that is loaded); `create_read_session` of `BigQueryReadClient` and the iteration of `ReadRowsStream`.
Emits: db.connect with a client's first request; db.query for each query, load, copy, export, row insert, table read and change of a table: executions, rows,
errors, for read sessions also bytes. The namespace is the project that pays; a query's rows are those of its result, known when its job is done.
Leaves alone and why: parameters, rows, labels; what only looks (lists, schemas, job states); a result's own hidden table, read page by page or by a
read session (its rows are the query's; bytes are added to it). Each attempt of a call counts. All is HTTP, seen by `socket` too, or gRPC, seen by `grpc`.
Versions: google-cloud-bigquery 2.34 to 3.47, google-cloud-bigquery-storage 2.13 to 2.43, against a stand-in for the service.
Source: https://cloud.google.com/bigquery/docs/reference/rest/v2, https://cloud.google.com/bigquery/docs/reference/storage/rpc
"""

import sys

from ... import core, dbapi, errors, patching, wrappers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Tuple

VERSIONS = ">=2.34"
EMITS = ("db.connect", "db.query")
PATCHES = ("google.cloud.bigquery", "google.cloud.bigquery_storage_v1")

UNDO: "List[Any]" = []
_done: "List[str]" = []
SYSTEM = "gcp.bigquery"
_MOST = 2_000
#: Job under way to the record of its statement; likewise the table that holds a result, and the stream of a read session.
_jobs: "Dict[str, Any]" = {}
_results: "Dict[Tuple[str, str, str], Any]" = {}
_streams: "Dict[str, Tuple[Any, bool]]" = {}
_CHANGES = frozenset(["POST", "DELETE", "PATCH", "PUT"])


def instrument(module: "Any") -> None:
    """Replaces the methods."""
    name = module.__name__
    if name in _done:
        return
    _done.append(name)
    wrapping = wrappers.Wrapping("google.cloud.bigquery", UNDO)
    if name == PATCHES[0]:
        wrapping.after(sys.modules["google.cloud.bigquery._http"].Connection, "api_request", _answered, is_inherited=True)
        for method in ("_do_multipart_upload", "_initiate_resumable_upload"):
            wrapping.after(module.Client, method, _uploaded)
        return
    client = module.BigQueryReadClient
    owner = next((each for each in client.__mro__ if "create_read_session" in vars(each)), None)
    if owner is not None:
        wrapping.after(owner, "create_read_session", _read_session)
        patching.patch(sys.modules[name + ".reader"].ReadRowsStream, "__iter__", _make_iterate, UNDO)


def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)
    _done.clear()


def _keep(known: "Dict[Any, Any]", key: object, value: object) -> None:
    if len(known) >= _MOST:
        known.clear()
    known[key] = value


def _place(connection: "Any", project: str, error: "Any" = None) -> dbapi.Server:
    """Server of a client's connection; its first request opens it."""
    place = vars(connection).get("_sentinel_place")
    is_first = place is None
    if place is None:
        scheme, _, rest = str(dbapi.read(connection, "API_BASE_URL") or "").partition("://")
        host, _, port = rest.partition("/")[0].partition(":")
        place = (host, port or (80 if scheme == "http" else 443), dbapi.read(connection, "_client", "_credentials", "service_account_email"))
    found = dbapi.server(SYSTEM, place[0], place[1], project, place[2])
    if is_first:
        failed = error if dbapi.read(error, "code") is None else None  # an answer, even a refusal, came from the server
        dbapi.opened(found, failed)
        if failed is None:
            connection._sentinel_place = place
    return found


def _answered(connection: "Any", result: "Any", error: "Any", args: "Any", named: "Any") -> None:
    method, path = [args[at] if len(args) > at else named.get(name) for at, name in enumerate(("method", "path"))]
    data = args[3] if len(args) > 3 else named.get("data")
    parts = path.strip("/").split("/") if isinstance(path, str) else ()
    if len(parts) < 3 or parts[0] != "projects":
        return
    found = _place(connection, parts[1], error)
    size = len(parts)
    if parts[2] in ("queries", "jobs"):
        if method == "POST" and size == 3 and isinstance(data, dict):
            _begun(found, parts[1], data, result, error)
        elif method == "GET" and size == 4:
            _continued(parts[3], result, error)
    elif parts[2] == "datasets":
        _on_table(found, method, parts, data, result, error, named.get("query_params") or {})


def _name(project: str, table: "Any") -> str:
    """Name of a table reference, as a query of that project would write it."""
    parts = [table.get(name) for name in ("projectId", "datasetId", "tableId")]
    return ".".join([part for part in parts[parts[0] == project :] if isinstance(part, str)])


def _described(found: dbapi.Server, project: str, data: "Any") -> "Any":
    """What a job or a query does."""
    job = data.get("configuration") or {}
    text = (job.get("query") or data).get("query")
    if isinstance(text, str):
        return found, text, text
    for name, operation in (("load", "LOAD"), ("copy", "COPY"), ("extract", "EXPORT")):
        part = job.get(name)
        if part is not None:
            tables = [part.get("destinationTable"), part.get("sourceTable"), *(part.get("sourceTables") or ())]
            return _of(found, operation, ",".join(sorted({_name(project, table) for table in tables if table})))
    return None


def _of(found: dbapi.Server, operation: str, tables: str) -> "Any":
    return found, (operation, tables), dbapi.Named(operation, 0, tables)


def _begun(found: dbapi.Server, project: str, data: "Any", result: "Any", error: "Any") -> None:
    described = _described(found, project, data)
    if described is None:
        return
    activity = dbapi.find(*described)
    answer = result if isinstance(result, dict) else {}
    error = error or _failure(answer)
    if error is not None:
        dbapi.done(activity, described, 0, error)
        return
    rows = _size(answer)
    dbapi.done(activity, described, max(0, rows))
    job = (answer.get("jobReference") or {}).get("jobId")
    if activity is not None and rows < 0 and isinstance(job, str):
        _keep(_jobs, job, activity)
    _note_result(answer, activity)


def _note_result(answer: "Any", activity: "Any") -> None:
    table = ((answer.get("configuration") or {}).get("query") or {}).get("destinationTable")
    if activity is not None and table:
        _keep(_results, tuple([table.get(name) for name in ("projectId", "datasetId", "tableId")]), activity)


def _size(answer: "Any") -> int:
    """Rows of what is done; -1 where that is not known yet."""
    if not (answer.get("jobComplete") or (answer.get("status") or {}).get("state") == "DONE"):
        return -1
    facts = answer.get("statistics") or {}
    for part, name in ((answer, "numDmlAffectedRows"), (answer, "totalRows"), (facts.get("query"), "numDmlAffectedRows"), (facts.get("load"), "outputRows")):
        value = (part or {}).get(name)
        if value is not None:
            return int(value)
    return 0 if answer.get("jobComplete") else -1


def _failure(answer: "Any") -> "Any":
    """An error of the name that the service gives, to count by; None where a job did not fail."""
    reason = ((answer.get("status") or {}).get("errorResult") or {}).get("reason")
    return type(reason if isinstance(reason, str) and reason.isidentifier() else "Error", (Exception,), {})() if reason is not None else None


def _continued(job: str, result: "Any", error: "Any") -> None:
    activity = _jobs.get(job)
    if activity is None:
        return
    answer = result if isinstance(result, dict) else {}
    if error is not None:
        code = dbapi.read(error, "code")
        if not isinstance(code, int) or not 400 <= code < 500:
            return  # it will be asked again
    else:
        error = _failure(answer)
        _note_result(answer, activity)
    rows = _size(answer)
    if error is not None:
        dbapi.failed(activity, error)
    elif rows < 0:
        return
    dbapi.more(activity, rows)
    _jobs.pop(job, None)


def _on_table(found: dbapi.Server, method: str, parts: "List[str]", data: "Any", result: "Any", error: "Any", asked: "Any") -> None:
    """projects/P/datasets[/D[/tables[/T[/data or insertAll]]]]"""
    size = len(parts)
    answer = result if isinstance(result, dict) else {}
    table = ".".join(parts[3:6:2])
    if size == 7 and parts[6] == "data" and method == "GET":
        if parts[3][:1] != "_":
            described = _of(found, "SELECT", table)
            rows = len(answer.get("rows") or ())
            if "pageToken" in asked and error is None:
                dbapi.more(dbapi.find(*described), rows)
            else:
                dbapi.done(dbapi.find(*described), described, rows, error)
    elif size == 7 and parts[6] == "insertAll":
        described = _of(found, "INSERT", table)
        refused = {each.get("index") for each in answer.get("insertErrors") or ()}
        if refused and error is None:
            error = _failure({"status": {"errorResult": {"reason": "insertErrors"}}})
        dbapi.done(dbapi.find(*described), described, len((data or {}).get("rows") or ()), error)
    elif method in _CHANGES and ":" not in parts[-1] and (size in (3, 4) or (size in (5, 6) and parts[4] == "tables")):
        if method == "POST":
            reference = (data or {}).get("tableReference") or (data or {}).get("datasetReference") or {}
            table = ".".join([reference[name] for name in ("datasetId", "tableId") if isinstance(reference.get(name), str)])
        described = _of(found, "DDL", table)
        dbapi.done(dbapi.find(*described), described, 0, error)


def _uploaded(client: "Any", result: "Any", error: "Any", args: "Any", named: "Any") -> None:
    """A job that loads what is sent along; its rows are known when it is asked for again."""
    metadata = args[1] if len(args) > 1 else named.get("metadata")
    project = named.get("project") or dbapi.read(client, "project")
    if not isinstance(metadata, dict):
        return
    answer = dbapi.ask(result, "json") or {"jobReference": metadata.get("jobReference")}
    _begun(_place(client._connection, project, error), project, metadata, answer, error)


def _read_session(client: "Any", session: "Any", error: "Any", args: "Any", named: "Any") -> None:
    request = args[0] if args else named.get("request")
    asked = named if request is None else request if isinstance(request, dict) else {name: dbapi.read(request, name) for name in ("parent", "read_session")}
    wanted = asked.get("read_session")
    path = wanted.get("table") if isinstance(wanted, dict) else dbapi.read(wanted, "table")
    parts = str(path or "").split("/")
    host, _, port = str(dbapi.read(client, "transport", "host") or "bigquerystorage.googleapis.com").partition(":")
    place = dbapi.read(client, "transport", "_grpc_channel", "_sentinel_place")  # the channel was made by the script
    if place is not None:
        host, port = place[:2]
    project = str(asked.get("parent") or "").rpartition("/")[2]
    if len(parts) != 6:
        return
    activity = _results.get((parts[1], parts[3], parts[5])) if error is None else None
    is_result = activity is not None
    if activity is None:
        table = _name(project, {"projectId": parts[1], "datasetId": parts[3], "tableId": parts[5]})
        described = _of(dbapi.server(SYSTEM, host, port or 443, project), "SELECT", table)
        activity = dbapi.find(*described)
        dbapi.done(activity, described, 0, error)
    if activity is not None and error is None:
        for stream in dbapi.read(session, "streams") or ():
            _keep(_streams, dbapi.read(stream, "name"), (activity, is_result))


def _make_iterate(original: "Any") -> "Any":
    def __iter__(self):  # type: ignore[no-untyped-def]
        messages = original(self)
        while True:
            try:
                message = next(messages)
            except StopIteration:
                return
            except BaseException as error:
                patching.strip(error)
                raise
            try:
                known = _streams.get(self._name)
                if known is not None:
                    _arrived(known, message)
            except BaseException as fault:
                if errors.survive("google.cloud.bigquery", fault, UNDO):
                    raise
            yield message

    return patching.disguise(__iter__, original)


def _arrived(known: "Any", message: "Any") -> None:
    activity, is_result = known
    activity.bytes_in += dbapi.attempt(lambda: type(message).pb(message).ByteSize()) or 0
    if not is_result:
        dbapi.more(activity, dbapi.read(message, "row_count") or 0)


def _forget() -> None:
    _jobs.clear()
    _results.clear()
    _streams.clear()


core.FORGETTERS.append(_forget)
