"""Files opened."""

import os
import sys

from ..support import ProbeTestCase


class FileTest(ProbeTestCase):
    def operations(self, run):
        return [(os.path.relpath(record["file.path"], self.folder), record["sentinel.file.operation"], record.count) for record in run.of("file.open")]

    def test_modes_become_operations(self):
        run = self.observe(
            "import os, io, pathlib\n"
            "open('w', 'w').write('abc'); open('x', 'x').close(); open('a', 'a').close(); open('w').read(); open('w', 'r+').close()\n"
            "os.close(os.open('o', os.O_WRONLY | os.O_CREAT)); os.close(os.open('e', os.O_RDWR | os.O_CREAT | os.O_EXCL))\n"
            "os.close(os.open('p', os.O_APPEND | os.O_WRONLY | os.O_CREAT)); io.open('w').close(); pathlib.Path('w').read_bytes(); open(b'w').close()\n"
        )
        # Before 3.10 pathlib opens through an opener: two events for one file.
        self.assertEqual(
            self.operations(run),
            [("w", "write", 2), ("x", "create", 1), ("a", "append", 1), ("w", "read", 4 if sys.version_info >= (3, 10) else 5), ("o", "write", 1), ("e", "create", 1), ("p", "append", 1)],
        )
        self.assertEqual(run.of("file.open", operation="read")[0]["file.size"], "3")

    def test_relative_paths_follow_the_working_directory(self):
        run = self.observe(
            "import os\nos.mkdir('d'); open('f', 'w').close(); os.chdir('d'); open('f', 'w').close(); os.chdir('..'); open('f', 'w').close()"
        )
        self.assertEqual(self.operations(run), [("f", "write", 2), ("d/f", "write", 1)])

    def test_noise_is_left_alone(self):
        self.script("x = 1", "helper.py")
        run = self.observe(
            "import os, helper, json, linecache, traceback, random, tempfile\n"
            "open('/dev/null', 'w').close(); open('/proc/self/status').close(); open(os.devnull).close(); open(json.__file__).close()\n"
            "linecache.getline(__file__, 1)\n"
            "try: open('missing')\nexcept OSError: traceback.format_exc()\n"
            "r, w = os.pipe(); os.fdopen(r).close(); os.fdopen(w, 'w').close(); os.close(os.open('.', os.O_RDONLY | os.O_DIRECTORY))\n"
        )
        self.assertEqual(self.operations(run), [])

    def test_sources_read_as_data_are_kept(self):
        self.script("x = 1", "other.py")
        run = self.observe("open('other.py').read()")
        self.assertEqual(self.operations(run), [("other.py", "read", 1)])

    def test_size_of_a_written_file_is_the_last_one(self):
        run = self.observe("f = open('out', 'w')\nf.write('x' * 1234)\nf.close()")
        self.assertEqual(run.of("file.open")[0]["file.size"], "1234")

    def test_thousands_of_files_each_once_and_some_again(self):
        run = self.observe(
            "import os\nopen('in', 'w').write('12345')\n"
            "for i in range(400):\n"
            "    name = 'n%d' % i\n"
            "    with open(name, 'w') as f: f.write('x')\n"
            "    with open(name) as f: f.read()\n"
            "    os.remove(name)\n"
            "    try: open('missing%d' % i)\n"
            "    except OSError: pass\n"
            "for i in range(0, 400, 4):\n"
            "    for _ in range(3):\n"
            "        with open('n%d' % i, 'w') as f: f.write('xyz')\n"
        )
        counts = {}
        for record in (*run.of("file.open"), *run.of("file.change")):
            key = (os.path.basename(record["file.path"]), record["sentinel.file.operation"])
            self.assertNotIn(key, counts)
            counts[key] = record.count
            self.assertTrue(record.get("code.line.number"), key)
        wanted = {("in", "write"): 1}
        for i in range(400):
            wanted.update({("n%d" % i, "write"): 1 if i % 4 else 4, ("n%d" % i, "read"): 1, ("n%d" % i, "delete"): 1})
        self.assertEqual(counts, wanted)
        sizes = {os.path.basename(r["file.path"]): r.get("file.size") for r in run.of("file.open", operation="write")}
        self.assertEqual((sizes["n0"], sizes["n396"], sizes["in"]), ("3", "3", "5"))

    def test_changes(self):
        run = self.observe(
            "import os\nopen('a', 'w').close(); os.rename('a', 'b'); os.replace('b', 'c'); os.truncate('c', 0); os.remove('c')\n"
            "open('t', 'w').truncate(0)\nos.unlink('t')"
        )
        changes = [
            (os.path.basename(r["file.path"]), r["sentinel.file.operation"], os.path.basename(r.get("sentinel.file.path.target", "")))
            for r in run.of("file.change")
        ]
        self.assertEqual(changes, [("a", "rename", "b"), ("b", "rename", "c"), ("c", "truncate", ""), ("c", "delete", ""), ("t", "delete", "")])
