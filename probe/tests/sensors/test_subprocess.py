"""Programs started."""

import time

from ..support import ProbeTestCase


class ProcessTest(ProbeTestCase):
    def spawned(self, run):
        return [
            (
                r["process.executable.name"],
                r["sentinel.process.launcher"],
                r.get("process.args_count"),
                r.get("sentinel.process.argument_shape"),
                r["sentinel.process.shell"],
                r.count,
            )
            for r in run.of("process.spawn")
        ]

    def test_each_launcher_is_counted_once(self):
        run = self.observe(
            "import os, subprocess\n"
            "for i in range(3): subprocess.run(['true', '--token=hunter2', 'https://a/b?c=d', '5'])\n"
            "subprocess.run('FOO=hunter2 true hunter2', shell=True)\n"
            "os.system('true hunter2 /x')\n"
            "os.waitpid(os.posix_spawn('/bin/true', ['true', 'a.txt'], {}), 0)\n"
            "subprocess.Popen(['true'], close_fds=False).wait()\n"
        )
        self.assertEqual(
            self.spawned(run),
            [
                ("true", "subprocess.Popen", "4", "flag url number", "false", 3),
                ("true", "subprocess.Popen", "3", "text text", "true", 1),
                ("true", "os.system", "3", "text path", "true", 1),
                ("true", "os.posix_spawn", "2", "path", "false", 1),
                ("true", "subprocess.Popen", "1", None, "false", 1),
            ],
        )
        self.assertNotIn(b"hunter2", run.data)

    def test_a_child_python_is_a_run_of_its_own(self):
        self.python("-c", "import subprocess, sys; subprocess.run([sys.executable, '-c', 'pass'])")
        runs = self.runs()
        self.assertEqual(len(runs), 2)
        self.assertEqual(runs[1].hello["process.parent_pid"], runs[0].hello["process.pid"])

    def test_exec_leaves_an_end_and_a_failed_exec_is_taken_back(self):
        self.python("-c", "import os\ntry: os.execv('/nonexistent', ['x'])\nexcept OSError: pass\nopen('f', 'w').close()")
        (run,) = self.runs()
        self.assertEqual(run.end["sentinel.run.exit_route"], "finished")
        self.assertEqual(len(run.of("file.open")), 1)
        self.python("-c", "import os, sys; os.execv(sys.executable, [sys.executable, '-c', 'pass'])")
        runs = self.runs()
        self.assertEqual([run.end["sentinel.run.exit_route"] for run in runs], ["finished", "exec", "finished"])
        self.assertEqual(runs[1].of("process.spawn")[0]["sentinel.process.launcher"], "os.exec")
        self.assertEqual(runs[1].hello["process.pid"], runs[2].hello["process.pid"])

    def test_forked_children_are_runs_with_a_parent(self):
        self.python(
            "-c",
            "import os\nopen('p', 'w').close()\npid = os.fork()\n"
            "if not pid:\n    open('c', 'w').close()\n    os._exit(5)\nos.waitpid(pid, 0)\n",
        )
        parent, child = self.runs()
        self.assertEqual(child.hello["sentinel.run.parent_id"], parent.hello["sentinel.run.id"])
        self.assertEqual((child.hello["sentinel.run.start_kind"], child.hello["process.parent_pid"]), ("fork", parent.hello["process.pid"]))
        self.assertEqual([record.count for record in child.of("file.open")], [1])
        self.assertEqual((child.end["sentinel.run.exit_route"], child.end["sentinel.run.exit_code"]), ("os._exit", "5"))

    def test_a_child_that_does_nothing_leaves_no_file_unless_it_works(self):
        before = time.time_ns()
        self.python(
            "-c",
            "import os, time\n"
            "def busy():\n    while time.process_time() < 0.08: pass\n"
            "for act, status in ((int, 0), (lambda: time.sleep(0.08), 0), (busy, 0), (int, 3), (busy, 3)):\n"
            "    pid = os.fork()\n"
            "    if not pid:\n        act(); os._exit(status)\n"
            "    os.waitpid(pid, 0)\n",
        )
        runs = self.runs()
        told = [(run.hello["sentinel.run.start_kind"], run.end.get("sentinel.run.exit_code")) for run in runs]
        self.assertEqual(told, [("start", None), ("fork", "0"), ("fork", "3")])
        for run in runs:  # a fork's start is known to 10 ms, from the system
            self.assertTrue(before - 20_000_000 <= run.started <= time.time_ns(), run.started)

    def test_multiprocessing_children_report(self):
        script = self.script(
            "import multiprocessing, sys\n"
            "def work(n):\n    open('m%d' % n, 'w').close(); return n\n"
            "if __name__ == '__main__':\n"
            "    for kind in sys.argv[1:]:\n"
            "        c = multiprocessing.get_context(kind)\n"
            "        p = c.Process(target=work, args=(7,)); p.start(); p.join()\n"
        )
        self.python(script, "fork", "spawn", "forkserver")
        written = [run for run in self.runs() if run.of("file.open") and run.of("file.open")[-1]["file.path"].endswith("m7")]
        self.assertEqual(len(written), 3)
        self.assertTrue(all(run.end is not None for run in written))




class LaunchTest(ProbeTestCase):
    """Shells, installers, and the ways of asyncio."""

    def test_packages_that_installers_are_told_to_install(self):
        text = (
            "import os, subprocess, sys\n"
            "def go(*words):\n    try: subprocess.run(words, stdout=-3, stderr=-3)\n    except OSError: pass\n"
            "go(sys.executable, '-m', 'pip', 'install', '--dry-run', '--no-index', 'no-such-name==1.0', 'other[extra]>=2', '--index-url', 'https://me:hunter2@host/x')\n"
            "go('uv', 'pip', 'install', 'polars'); go('poetry', 'add', 'pandas@^2'); go('conda', 'install', '-y', '-n', 'env', 'numpy=1.26')\n"
            "go('pip3.11', 'install', '-r', 'requirements.txt', 'git+https://hunter2@host/x.git', './local')\n"
            "os.system('cd . && pip install --no-index --dry-run hunter-package >/dev/null 2>&1')\n"
            "go('pip', 'list'); go(sys.executable, '-c', 'pass')\n"
        )
        self.python(self.script(text))
        run = next(each for each in self.runs() if each.hello.get("sentinel.script.path", "").endswith("script.py"))
        self.assertEqual(
            [record["sentinel.package.names"] for record in run.of("process.spawn") if "sentinel.package.names" in record],
            ["no-such-name==1.0,other[extra]>=2", "polars", "pandas", "numpy=1.26", "(requirements),(url),(path)", "hunter-package"],
        )
        self.assertNotIn(b"hunter2", run.data)

    def test_asyncio_starts_programs_once(self):
        run = self.observe(
            "import asyncio\n"
            "async def main():\n"
            "    await (await asyncio.create_subprocess_exec('true', 'hunter2')).wait()\n"
            "    await (await asyncio.create_subprocess_shell('true hunter2')).wait()\n"
            "asyncio.run(main())\n"
        )
        self.assertEqual([(r["process.executable.name"], r["sentinel.process.shell"], r.count) for r in run.of("process.spawn")], [("true", "false", 1), ("true", "true", 1)])
        self.assertNotIn(b"hunter2", run.data)
