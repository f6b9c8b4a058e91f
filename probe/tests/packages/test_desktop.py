"""Mouse, keyboard, clipboard, screen and browsers, with the libraries themselves.

PyAutoGUI, pynput, mss, Pillow, pyperclip and tkinter run on a virtual screen (Xvfb), selenium and playwright on Debian's Chromium; where those are
not installed the test says so. pywinauto and the keyboard library's listeners need Windows or a real keyboard: not run.
"""

import http.server
import os
import shutil
import subprocess
import threading
import unittest

from ..environments import environment
from ..support import ProbeTestCase

DESKTOP = ("pyautogui==0.9.54", "pyperclip==1.11.0", "pynput==1.8.2", "mss==10.2.0", "pillow==13.0.0", "python-xlib==0.33", "pyscreeze==1.0.1")
OLD_DESKTOP = ("pyautogui==0.9.50", "pyperclip==1.7.0", "pynput==1.6.8", "mss==9.0.1", "pillow==10.4.0", "python-xlib==0.33", "pyscreeze==1.0.1")
BROWSERS = ("selenium==4.51.0", "playwright==1.65.2")
OLD_BROWSERS = ("selenium==4.11.2", "playwright==1.48.0")
IS_LONG = os.environ.get("SENTINEL_TEST_LONG") == "1"
CHROMIUM = os.environ.get("SENTINEL_CHROMIUM", "/usr/bin/chromium")


class DesktopCase(ProbeTestCase):
    def used(self, interpreter, text, **more):
        errors = os.path.join(self.folder, "errors")  # a file: xclip stays behind and would hold a pipe open
        with open(errors, "w") as file:
            done = subprocess.run(
                [interpreter, self.script(text)], cwd=self.folder, stdout=subprocess.DEVNULL, stderr=file, env=self.environment(**more), timeout=120
            )
        with open(errors) as file:
            self.assertEqual(done.returncode, 0, file.read())
        run = next(run for run in self.runs() if run.hello.get("sentinel.script.path", "").endswith("script.py") and run.hello["sentinel.run.start_kind"] == "start")
        self.assertEqual(run.of("probe.error"), [])
        self.assertNotIn(b"hunter2", run.data)
        return [(record["sentinel.desktop.kind"], record.get("server.address") or record["sentinel.library.name"], record.count) for record in run.of("desktop.use")]


@unittest.skipUnless(shutil.which("Xvfb"), "Xvfb is not installed")
class ScreenTest(DesktopCase):
    requirements = DESKTOP

    @classmethod
    def setUpClass(cls):
        cls.interpreter = environment(*cls.requirements)
        reader, writer = os.pipe()
        cls.server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writer), "-screen", "0", "320x240x24", "-nolisten", "tcp", "-noreset"], pass_fds=[writer], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        os.close(writer)
        with os.fdopen(reader) as file:
            cls.display = ":" + file.readline().strip()

    @classmethod
    def tearDownClass(cls):
        cls.server.terminate()
        cls.server.wait()

    def on_screen(self, text):
        authority = os.path.join(self.folder, ".Xauthority")
        with open(authority, "a"):
            pass
        return self.used(self.interpreter, text, DISPLAY=self.display, XAUTHORITY=authority)

    def test_pyautogui(self):
        found = self.on_screen("import pyautogui as p\np.PAUSE = 0\nfor i in range(3): p.click(10, 10)\np.moveTo(5, 5); p.write('hunter2'); p.hotkey('ctrl', 'c')\n")
        self.assertEqual(found, [("mouse", "pyautogui", 4), ("keyboard", "pyautogui", 2)])

    def test_screenshots(self):
        found = self.on_screen(
            "import mss\nwith mss.mss() as s:\n    s.grab(s.monitors[0]); s.grab(s.monitors[0])\nfrom PIL import ImageGrab\nImageGrab.grab(xdisplay=%r)\n" % self.display
        )
        self.assertEqual(found, [("screenshot", "mss", 2), ("screenshot", "PIL", 1)])

    def test_listeners_and_controllers(self):
        found = self.on_screen(
            "from pynput import keyboard, mouse\n"
            "k = keyboard.Listener(on_press=lambda key: None); k.start(); k.wait(); k.stop()\n"
            "m = mouse.Listener(on_move=lambda *a: None); m.start(); m.wait(); m.stop()\n"
            "mouse.Controller().move(1, 1); keyboard.Controller().type('hunter2')\n"
        )
        self.assertEqual(found[:2], [("keyboard_hook", "pynput", 1), ("mouse_hook", "pynput", 1)])
        self.assertIn(("keyboard", "pynput", 1), found)

    @unittest.skipUnless(shutil.which("xclip"), "xclip is not installed")
    def test_the_clipboard(self):
        found = self.on_screen("import pyperclip\nfrom pyperclip import copy\npyperclip.set_clipboard('xclip')\npyperclip.copy('hunter2'); assert pyperclip.paste() == 'hunter2'; pyperclip.paste()\n")
        self.assertEqual(found, [("clipboard_write", "pyperclip", 1), ("clipboard_read", "pyperclip", 2)])

    def test_the_clipboard_of_tkinter(self):
        try:
            import tkinter
        except ImportError:
            self.skipTest("tkinter is not installed")
        del tkinter
        found = self.on_screen("import tkinter\nt = tkinter.Tk(); t.withdraw(); t.clipboard_append('hunter2'); t.update(); assert t.clipboard_get() == 'hunter2'\n")
        self.assertEqual(found, [("clipboard_write", "tkinter", 1), ("clipboard_read", "tkinter", 1)])


@unittest.skipUnless(os.path.exists(CHROMIUM), "Chromium is not installed")
class BrowserTest(DesktopCase):
    requirements = BROWSERS

    @classmethod
    def setUpClass(cls):
        cls.interpreter = environment(*cls.requirements)

    def setUp(self):
        super().setUp()

        class Page(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"<title>hello</title>")

            def log_message(self, *args):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)

    @unittest.skipUnless(shutil.which("chromedriver"), "chromedriver is not installed")
    def test_selenium(self):
        found = self.used(
            self.interpreter,
            "from selenium import webdriver\n"
            "options = webdriver.ChromeOptions(); options.binary_location = %r\n"
            "for each in ('--headless=new', '--no-sandbox', '--disable-gpu', '--user-data-dir=profile'): options.add_argument(each)\n"
            "driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(executable_path=%r))\n"
            "driver.get('http://127.0.0.1:%d/hunter2?x=hunter2'); print(driver.title); driver.quit()\n" % (CHROMIUM, shutil.which("chromedriver"), self.port),
        )
        self.assertEqual([each[:2] for each in found], [("browser", "selenium"), ("browser", "127.0.0.1")])

    def test_playwright(self):
        start = "executable_path=%r, args=['--no-sandbox', '--disable-gpu']" % CHROMIUM
        found = self.used(
            self.interpreter,
            "import asyncio\nfrom playwright.sync_api import sync_playwright\n"
            "with sync_playwright() as p:\n"
            "    b = p.chromium.launch(%s); page = b.new_page(); page.goto('http://127.0.0.1:%d/?hunter2'); print(page.title()); b.close()\n"
            "from playwright.async_api import async_playwright\n"
            "async def main():\n"
            "    async with async_playwright() as p:\n"
            "        b = await p.chromium.launch(%s); page = await b.new_page(); await page.goto('http://127.0.0.1:%d/'); await b.close()\n"
            "asyncio.run(main())\n" % (start, self.port, start, self.port),
        )
        self.assertEqual([each for each in found if each[0] == "browser"], [("browser", "playwright", 2), ("browser", "127.0.0.1", 2)])


if IS_LONG:

    class OldScreenTest(ScreenTest):
        requirements = OLD_DESKTOP

    class OldBrowserTest(BrowserTest):
        requirements = OLD_BROWSERS


if __name__ == "__main__":
    unittest.main()
