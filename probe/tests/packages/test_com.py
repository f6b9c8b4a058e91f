"""COM automation: pywin32's own Python code on stand-ins for its C modules; for comtypes a stand-in with its signatures.

Neither Windows nor Office is here: what C does, and generated classes, are not tested.
"""

import os
import subprocess
import sys
import unittest
import zipfile

from ..environments import CACHE
from ..support import HERE, ProbeTestCase

PYWIN32 = "pywin32==312"
PYWIN32_OLD = "pywin32==306"
STAND_INS = os.path.join(HERE, "stand_ins")


def unpacked(requirement, python_version="311"):
    """Folder with the Windows wheel's content: its Python files run anywhere."""
    folder = os.path.join(os.path.dirname(CACHE), "wheels", requirement)
    if not os.path.isdir(os.path.join(folder, "win32com")):
        os.makedirs(folder, exist_ok=True)
        subprocess.run(
            [
                *(sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:"),
                *("--platform", "win_amd64", "--python-version", python_version, "-d", folder, requirement),
            ],
            check=True,
        )
        for name in os.listdir(folder):
            if name.endswith(".whl"):
                with zipfile.ZipFile(os.path.join(folder, name)) as wheel:
                    wheel.extractall(folder)
    return folder


class PyWin32Test(ProbeTestCase):
    requirement = PYWIN32

    def run_script(self, text):
        folder = unpacked(self.requirement)
        places = [os.path.join(STAND_INS, "com"), folder, os.path.join(folder, "win32", "lib")]
        return self.observe("import sys\nsys.path[:0] = %r\n" % places + text, TMPDIR=self.folder)  # pywin32 makes a folder there

    def taken(self, run):
        self.assertEqual(run.of("probe.error"), [])
        self.assertNotIn(b"hunter2", run.data)
        return [(record["sentinel.com.prog_id"], record["sentinel.com.member"], record.count) for record in run.of("com.call")]

    def test_excel(self):
        run = self.run_script(
            "import win32com.client\n"
            "xl = win32com.client.Dispatch('Excel.Application')\n"
            "for i in range(3): book = xl.Workbooks.Open('C:/data/hunter2.xlsx')\n"
            "book.SaveAs('C:/out.xlsx'); book.Close(False); xl.Quit()\n"
            "assert type(xl) is win32com.client.CDispatch and repr(xl) == '<COMObject Excel.Application>', repr(xl)\n"
            "assert not [name for name in vars(xl) if 'sentinel' in name]\n"
            "try: xl.Missing\nexcept AttributeError as error: assert 'Missing' in str(error)\n"
        )
        self.assertEqual(
            self.taken(run),
            [
                ("Excel.Application", "Dispatch", 1),
                ("Excel.Application", "Workbooks", 3),
                ("Excel.Application", "Open", 3),
                ("Excel.Application", "SaveAs", 1),
                ("Excel.Application", "Close", 1),
                ("Excel.Application", "Quit", 1),
            ],
        )
        self.assertEqual(run.of("com.call")[0]["code.line.number"], "4")

    def test_documents_of_methods_with_type_information(self):
        run = self.run_script(
            "import win32com.client\n"
            "books = win32com.client.Dispatch('Excel.Application').Workbooks\n"
            "books._ApplyTypes_(1, 1, (9, 0), ((8, 1),), 'Open', None, 'C:\\\\data\\\\in.xls')\n"
        )
        (record,) = run.of("document.use")
        self.assertTrue(record["file.path"].endswith("in.xls"))
        self.assertEqual((record["sentinel.document.format"], record["sentinel.file.operation"]), ("xls", "read"))

    def test_outlook_sends_mail(self):
        run = self.run_script(
            "import win32com.client\n"
            "outlook = win32com.client.DispatchEx('Outlook.Application')\n"
            "for i in range(2):\n    mail = outlook.CreateItem(0); mail.Attachments.Add('x'); mail.Send()\n"
        )
        self.assertEqual([(record["sentinel.library.name"], record.count) for record in run.of("mail.send")], [("win32com", 2)])
        self.assertIn(("Outlook.Application", "CreateItem", 2), self.taken(run))

    def test_sap_gui(self):
        run = self.run_script(
            "import win32com.client\n"
            "session = win32com.client.GetObject('SAPGUI').GetScriptingEngine.Children(0).Children(0)\n"
            "session.findById('wnd[0]/hunter2').press()\n"
        )
        self.assertEqual([each for each in self.taken(run) if each[1] in ("GetObject", "findById", "press")], [("SAPGUI", "GetObject", 1), ("SAPGUI", "findById", 1), ("SAPGUI", "press", 1)])

    def test_what_fails_fails_as_before(self):
        run = self.run_script(
            "import win32com.client, pywintypes\n"
            "for call in (win32com.client.Dispatch, win32com.client.GetObject):\n"
            "    try: call('None.Such')\n    except pywintypes.com_error as error: print(error.args[1])\n"
        )
        self.assertEqual(run.done.stdout, "Invalid class string\nInvalid class string\n")
        self.assertEqual(self.taken(run), [])

    def test_the_clipboard(self):
        run = self.run_script("import win32clipboard as c\nc.OpenClipboard(); c.GetClipboardData(); c.SetClipboardText('hunter2'); c.CloseClipboard()")
        self.assertEqual([record["sentinel.desktop.kind"] for record in run.of("desktop.use")], ["clipboard_read", "clipboard_write"])
        self.assertNotIn(b"hunter2", run.data)


class ComtypesTest(ProbeTestCase):
    def test_objects(self):
        run = self.observe(
            "import sys\nsys.path.insert(0, %r)\n" % os.path.join(STAND_INS, "comtypes_client")
            + "from comtypes.client import CreateObject, GetActiveObject\nCreateObject('Word.Application', dynamic=True); GetActiveObject(progid='Excel.Application')\n"
        )
        self.assertEqual(
            [(record["sentinel.com.prog_id"], record["sentinel.com.member"], record["sentinel.library.name"]) for record in run.of("com.call")],
            [("Word.Application", "CreateObject", "comtypes"), ("Excel.Application", "GetActiveObject", "comtypes")],
        )


if os.environ.get("SENTINEL_TEST_LONG") == "1":

    class OldPyWin32Test(PyWin32Test):
        requirement = PYWIN32_OLD


if __name__ == "__main__":
    unittest.main()
