"""Spreadsheets, tables and documents, with the libraries themselves.

The newest versions always; the oldest claimed ones too where SENTINEL_TEST_LONG is 1.
"""

import os
import subprocess

from ..environments import environment
from ..support import ProbeTestCase

NEWEST = (
    "openpyxl==3.1.5",
    "pandas==3.1.1",
    "xlrd==2.0.2",
    "xlsxwriter==3.3.1",
    "polars==2.1.0",
    "pyarrow==26.0.1",
    "pyxlsb==1.0.10",
    "python-docx==1.2.0",
    "pypdf==7.1.0",
    "fastexcel==0.21.0",
    "xlwt==1.3.0",
)
OLDEST = ("openpyxl==3.0.10", "pandas==1.3.5", "numpy==1.22.4", "xlrd==1.2.0", "xlsxwriter==1.4.5", "python-docx==0.8.11", "pypdf==3.1.0", "xlwt==1.3.0")
OLDEST_NATIVE = ("polars==1.0.0", "pyarrow==12.0.1", "numpy==1.26.4", "pandas==2.0.3", "pyxlsb==1.0.10", "openpyxl==3.1.0", "xlsxwriter==3.1.9")
OLD_PYTHON = os.path.expanduser("~/.pyenv/versions/3.8.18/bin/python")
IS_LONG = os.environ.get("SENTINEL_TEST_LONG") == "1"

FRAME = "import pandas as pd\ndf = pd.DataFrame({'x': range(1000), 'y': 'hunter2'})\n"


class DocumentTest(ProbeTestCase):
    """Runs each case with the newest packages."""

    requirements = NEWEST
    base = None

    @classmethod
    def setUpClass(cls):
        cls.interpreter = environment(*cls.requirements, **({"python": cls.base} if cls.base else {}))

    def has(self, *names):
        return all(any(each.startswith(name + "==") for each in self.requirements) for name in names)

    def documents(self, text, with_rows=True):
        """Documents of a script: (path, operation, library, count, rows, columns, sheets). The script prints the same without the probe."""
        script = self.script(text)
        bare = subprocess.run([self.interpreter, script], cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.environment(PYTHONPATH=None))
        for name in os.listdir(self.folder):
            if name not in ("script.py", "spool", "given.csv"):
                os.remove(os.path.join(self.folder, name))
        done = subprocess.run([self.interpreter, script], cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.environment())
        self.assertEqual((done.returncode, done.stdout, done.stderr), (bare.returncode, bare.stdout, bare.stderr))
        self.assertEqual(done.returncode, 0, done.stderr)
        (run,) = self.runs()
        self.run_seen = run
        self.assertEqual((run.of("probe.error"), run.of("probe.tamper")), ([], []))
        self.assertNotIn(b"hunter2", run.data)
        return [
            (
                os.path.relpath(record["file.path"], self.folder) if "file.path" in record else None,
                record["sentinel.file.operation"],
                record["sentinel.library.name"],
                record.count,
                record.rows,
                record.get("sentinel.document.columns"),
                record.get("sentinel.document.sheets"),
            )
            for record in run.of("document.use")
        ]

    def opened(self):
        return {
            (os.path.basename(record["file.path"]), record["sentinel.file.operation"])
            for record in self.run_seen.of("file.open")
            if record["file.path"].startswith(self.folder)
        }

    def test_openpyxl(self):
        if not self.has("openpyxl"):
            self.skipTest("not in this set")
        found = self.documents(
            "import openpyxl\n"
            "wb = openpyxl.Workbook(); ws = wb.active\n"
            "for r in range(100): ws.append([r, 'hunter2', 3])\n"
            "wb.create_sheet('hunter2').append([1]); wb.save('a.xlsx')\n"
            "openpyxl.load_workbook('a.xlsx'); print(openpyxl.load_workbook('a.xlsx', read_only=True).worksheets[0].max_row)\n"
            "wo = openpyxl.Workbook(write_only=True); s = wo.create_sheet()\n"
            "for r in range(50): s.append([1, 2])\n"
            "wo.save('wo.xlsx')\n"
            "try: openpyxl.load_workbook('none.xlsx')\nexcept FileNotFoundError as e: print(e)\n"
        )
        self.assertEqual(
            found,
            [
                ("a.xlsx", "write", "openpyxl", 1, 101, "3", "2"),
                ("a.xlsx", "read", "openpyxl", 2, 202, "3", "2"),
                ("wo.xlsx", "write", "openpyxl", 1, 50, None, "1"),
            ],
        )
        record = self.run_seen.of("file.open", path=os.path.join(self.folder, "a.xlsx"))[0]
        self.assertEqual((record["code.line.number"], record["sentinel.source.libraries"]), ("4", "openpyxl"))

    def test_pandas_tables(self):
        if not self.has("pandas"):
            self.skipTest("not in this set")
        found = self.documents(
            FRAME + "import io, pickle\n"
            "df.to_csv('p.csv', index=False); print(len(pd.read_csv('p.csv')))\n"
            "print(sum(len(c) for c in pd.read_csv('p.csv', chunksize=300)))\n"
            "df.to_json('p.json'); pd.read_json('p.json'); df.x.to_csv('s.csv'); df.to_pickle('p.pkl'); pd.read_pickle('p.pkl')\n"
            "pd.read_csv(io.StringIO('a,b\\n1,hunter2')); df.to_csv()\n"
            "assert pickle.loads(pickle.dumps(pd.read_csv)) is pd.read_csv\n"
            "import inspect; print(inspect.signature(pd.read_csv), pd.read_csv.__name__, pd.DataFrame.to_csv.__qualname__)\n"
        )
        self.assertEqual(
            found,
            [
                ("p.csv", "write", "pandas", 1, 1000, "2", None),
                ("p.csv", "read", "pandas", 2, 2000, "2", None),
                ("p.json", "write", "pandas", 1, 1000, "2", None),
                ("p.json", "read", "pandas", 1, 1000, "2", None),
                ("s.csv", "write", "pandas", 1, 1000, "1", None),
                ("p.pkl", "write", "pandas", 1, 1000, "2", None),
                ("p.pkl", "read", "pandas", 1, 1000, "2", None),
                (None, "read", "pandas", 1, 1, "2", None),
            ],
        )

    def test_pandas_workbooks_are_told_once(self):
        if not self.has("pandas", "openpyxl"):
            self.skipTest("not in this set")
        found = self.documents(
            FRAME + "df.to_excel('p.xlsx', index=False); pd.read_excel('p.xlsx'); print(list(pd.read_excel('p.xlsx', sheet_name=None)))\n"
            "with pd.ExcelWriter('w.xlsx', engine='openpyxl') as w:\n    df.to_excel(w, sheet_name='a'); df.to_excel(w, sheet_name='b')\n"
            "with pd.ExcelWriter('x.xlsx', engine='xlsxwriter') as w:\n    df.to_excel(w)\n"
        )
        self.assertEqual(
            [each[:5] for each in found],
            [
                ("p.xlsx", "write", "pandas", 1, 1000),
                ("p.xlsx", "read", "pandas", 2, 2000),
                ("w.xlsx", "write", "pandas", 2, 2000),
                ("x.xlsx", "write", "pandas", 1, 1000),
            ],
        )

    def test_parquet_goes_past_the_audit_hook(self):
        if not self.has("pyarrow", "pandas"):
            self.skipTest("not in this set")
        found = self.documents(
            FRAME + "df.to_parquet('p.parquet'); pd.read_parquet('p.parquet')\n"
            "import pyarrow.parquet as pq, pyarrow.csv as pc, pyarrow.feather as pf\n"
            "t = pq.read_table('p.parquet'); pq.write_table(t, 'q.parquet'); pc.write_csv(t, 'q.csv'); pc.read_csv('q.csv')\n"
            "pf.write_feather(t, 'q.feather'); print(pf.read_table('q.feather').num_rows)\n"
        )
        self.assertEqual(
            [each[:5] for each in found],
            [
                ("p.parquet", "write", "pandas", 1, 1000),
                ("p.parquet", "read", "pandas", 1, 1000),
                ("q.parquet", "write", "pyarrow", 1, 1000),
                ("q.csv", "write", "pyarrow", 1, 1000),
                ("q.csv", "read", "pyarrow", 1, 1000),
                ("q.feather", "write", "pyarrow", 1, 1000),
                ("q.feather", "read", "pyarrow", 1, 1000),
            ],
        )
        self.assertLessEqual({("p.parquet", "read"), ("q.parquet", "write"), ("q.csv", "write"), ("q.csv", "read"), ("q.feather", "write")}, self.opened())

    def test_polars(self):
        if not self.has("polars"):
            self.skipTest("not in this set")
        with open(os.path.join(self.folder, "given.csv"), "w") as file:
            file.write("a,b\n" + "1,hunter2\n" * 100)
        found = self.documents(
            "import polars as pl\n"
            "d = pl.read_csv('given.csv'); d.write_parquet('p.parquet'); print(pl.scan_parquet('p.parquet').collect().height)\n"
            "pl.scan_csv('given.csv').sink_parquet('sink.parquet'); d.write_excel('p.xlsx'); d.write_ndjson('p.ndjson')\n"
        )
        self.assertEqual(
            [each[:5] for each in found],
            [
                ("given.csv", "read", "polars", 2, 100),
                ("p.parquet", "write", "polars", 1, 100),
                ("p.parquet", "read", "polars", 1, 0),
                ("sink.parquet", "write", "polars", 1, 0),
                ("p.xlsx", "write", "polars", 1, 100),
                ("p.ndjson", "write", "polars", 1, 100),
            ],
        )
        self.assertLessEqual({("given.csv", "read"), ("p.parquet", "write"), ("sink.parquet", "write")}, self.opened())

    def test_other_libraries(self):
        if not self.has("xlrd", "xlwt"):
            self.skipTest("not in this set")
        found = self.documents(
            "import xlsxwriter, xlwt, xlrd, docx, pypdf\n"
            "b = xlsxwriter.Workbook('xw.xlsx'); s = b.add_worksheet(); [s.write(r, 4, 'hunter2') for r in range(20)]; b.close()\n"
            "b = xlwt.Workbook(); s = b.add_sheet('s'); [s.write(r, 1, r) for r in range(30)]; b.save('o.xls'); print(xlrd.open_workbook('o.xls').nsheets)\n"
            "d = docx.Document(); d.add_paragraph('hunter2'); d.save('d.docx'); docx.Document('d.docx')\n"
            "w = pypdf.PdfWriter(); w.add_blank_page(100, 100); w.write('b.pdf'); print(len(pypdf.PdfReader('b.pdf').pages))\n"
        )
        self.assertEqual(
            found,
            [
                ("xw.xlsx", "write", "xlsxwriter", 1, 20, "5", "1"),
                ("o.xls", "read", "xlrd", 1, 30, "2", "1"),
                ("d.docx", "write", "docx", 1, 0, None, None),
                ("d.docx", "read", "docx", 1, 0, None, None),
                ("b.pdf", "write", "pypdf", 1, 0, None, None),
                ("b.pdf", "read", "pypdf", 1, 0, None, None),
            ],
        )


if IS_LONG:

    class OldestDocumentTest(DocumentTest):
        """The oldest versions claimed, on Python 3.8."""

        requirements = OLDEST
        base = OLD_PYTHON

    class OldestNativeDocumentTest(DocumentTest):
        """The oldest versions claimed of what only exists for newer Pythons."""

        requirements = OLDEST_NATIVE
