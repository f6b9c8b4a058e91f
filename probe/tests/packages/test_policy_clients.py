"""No secret leaves the process under a policy: real SDKs and HTTP clients, streaming and async, behind a proxy that keeps every byte."""

import json
import os
import re
import socket
import subprocess
import sys
import threading

from ..support import ProbeTestCase
from ..test_policy import KEY, statement
from . import test_clients
from .test_clients import PACKAGES
from .test_models import FAKE_HOSTS, HERE

PACK = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(HERE))), "packages", "analyser", "packs", "secret-formats.json")

OPENAI = """
import openai, asyncio
messages = [{"role": "user", "content": [{"type": "text", "text": TEXT}]}]
c = openai.OpenAI(base_url=url("api.openai.com", "/v1"))
a = openai.AsyncOpenAI(base_url=url("api.openai.com", "/v1"))
async def stream():
    async for chunk in await a.chat.completions.create(model="gpt-astream", messages=messages, stream=True): pass
attempt(lambda: c.chat.completions.create(model="gpt-sync", messages=messages))
attempt(lambda: list(c.chat.completions.create(model="gpt-stream", messages=messages, stream=True)))
attempt(lambda: c.responses.create(model="resp-sync", input=TEXT))
attempt(lambda: asyncio.run(stream()))
"""
ANTHROPIC = """
import anthropic, asyncio
messages = [{"role": "user", "content": TEXT}]
c = anthropic.Anthropic(base_url=url("api.anthropic.com"))
a = anthropic.AsyncAnthropic(base_url=url("api.anthropic.com"))
async def ask(): await a.messages.create(model="claude-async", max_tokens=10, messages=messages)
attempt(lambda: c.messages.create(model="claude-sync", max_tokens=10, messages=messages))
attempt(lambda: list(c.messages.create(model="claude-raw", max_tokens=10, messages=messages, stream=True)))
attempt(lambda: asyncio.run(ask()))
"""
GOOGLE = """
from google import genai
from google.genai import types
c = genai.Client(api_key="hunter2", http_options=types.HttpOptions(base_url=url("generativelanguage.googleapis.com")))
attempt(lambda: c.models.generate_content(model="gemini-sync", contents=TEXT))
attempt(lambda: list(c.models.generate_content_stream(model="gemini-stream", contents=TEXT)))
"""
CLIENTS = """
import asyncio, json, urllib.request, requests, httpx, httpx2, aiohttp
target, body = url("api.openai.com", "/v1/chat/completions"), {"model": "gpt-plain", "messages": [{"role": "user", "content": TEXT}]}
async def with_httpx():
    async with httpx.AsyncClient() as c: await c.post(target, json=body)
async def with_aiohttp():
    async with aiohttp.ClientSession() as c:
        async with c.post(target, json=body) as r: await r.read()
attempt(lambda: requests.post(target, json=body))
attempt(lambda: httpx.post(target, json=body))
attempt(lambda: httpx2.post(target, json=body))
attempt(lambda: asyncio.run(with_httpx()))
attempt(lambda: asyncio.run(with_aiohttp()))
attempt(lambda: urllib.request.urlopen(urllib.request.Request(target, json.dumps(body).encode(), {"Content-Type": "application/json"})).read())
"""
EVERY_KIND = """
import json, http.client, requests
for text in json.load(open("texts.json")):
    body = {"model": "gpt-plain", "messages": [{"role": "user", "content": text}]}
    attempt(lambda: requests.post(url("api.openai.com", "/v1/chat/completions"), json=body))
"""
#: Over HTTP/2: a clean prompt, and a key in a body of one send, of many frames, of two sends, and over the border of two.
HTTP2 = """
import asyncio, json, httpx
target = url("api.openai.com", "/v1/chat/completions").replace("http:", "https:")
KEY = "AKIAQYLPMN5HHHFPZAM2"
def body(text): return json.dumps({"model": "gpt-plain", "messages": [{"role": "user", "content": text}]}).encode()
def post(content):
    with httpx.Client(verify=False, http2=True) as c: assert c.post(target, content=content, headers={"Content-Type": "application/json"}).http_version == "HTTP/2"
async def with_async():
    async with httpx.AsyncClient(verify=False, http2=True) as c: await c.post(target, json={"model": "gpt-plain", "messages": [{"role": "user", "content": TEXT}]})
def cut(at):
    whole = body(TEXT); where = whole.index(KEY.encode()) + at
    return iter([whole[:where], whole[where:]])
attempt(lambda: post(body("Good day")))
attempt(lambda: post(body(TEXT)))
attempt(lambda: asyncio.run(with_async()))
attempt(lambda: post(body("x" * 100_000 + " " + TEXT)))
attempt(lambda: post(cut(-5)))
attempt(lambda: post(cut(9)))
"""
ATTEMPT = """
refused = passed = 0
def attempt(what):
    global refused, passed
    try: what(); passed += 1
    except BaseException as error:
        seen = [error]
        while seen:
            each = seen.pop()
            if each is None: continue
            if getattr(each, "is_sentinel_block", False): refused += 1; return
            seen += [each.__cause__, each.__context__, *getattr(each, "exceptions", ())]
        raise
import atexit; atexit.register(lambda: print("passed", passed, "refused", refused))
"""


class Proxy:
    """Passes bytes on to a port and keeps those of the clients."""

    def __init__(self, port):
        self.sent = []
        self.target = port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.target))
            kept = []
            self.sent.append(kept)
            threading.Thread(target=self._pass, args=(client, server, kept), daemon=True).start()
            threading.Thread(target=self._pass, args=(server, client, None), daemon=True).start()

    @staticmethod
    def _pass(source, target, kept):
        try:
            while True:
                data = source.recv(65536)
                if not data:
                    break
                if kept is not None:
                    kept.append(data)
                target.sendall(data)
        except OSError:
            pass
        for each in (source, target):
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            each.close()


class PolicyClientsTest(ProbeTestCase):
    def run_against(self, python, text, effect, checks=(("sentinel.ai.secret_kinds", "string[]", "sizeGt", "", "0"),), type_="ai.request", code=0):
        """Runs the script under the effect; gives what it printed and every byte that clients sent."""
        lines = ["V\t1", "P\tp\t1\tenforce"]
        if effect is not None:
            lines += [line for each in checks for line in statement("s" + each[0][-9:-6], type_, effect, each)]
        with open(os.path.join(self.folder, "policy"), "w") as file:
            file.write("\n".join(lines) + "\n")
        server = subprocess.Popen([sys.executable, os.path.join(HERE, "model_server.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        try:
            proxy = Proxy(int(server.stdout.readline()))
            done = subprocess.run(
                [python, self.script(FAKE_HOSTS + ATTEMPT + text), str(proxy.port)],
                env=self.environment(),
                cwd=self.folder,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                universal_newlines=True,
                timeout=120,
            )
            self.assertEqual(done.returncode, code, done.stderr[-3000:])
            self.warned = done.stderr.count("Sentinel: Because of ")
        finally:
            server.stdin.close()
            server.stdout.close()
            server.wait(20)
            proxy.listener.close()
        return done.stdout.split(), b"\n".join(b"".join(kept) for kept in proxy.sent)

    def check(self, python, text, calls, attempts=1):
        printed, sent = self.run_against(python, text, None)
        self.assertEqual(printed, ["passed", str(calls), "refused", "0"])
        self.assertEqual(sent.count(KEY.encode()), calls)
        printed, sent = self.run_against(python, text, "redact")
        self.assertEqual(printed, ["passed", str(calls), "refused", "0"])
        self.assertEqual((sent.count(KEY.encode()), sent.count(b"key %s please" % (b"*" * len(KEY)))), (0, calls))
        printed, sent = self.run_against(python, text, "block")
        self.assertEqual(printed, ["passed", "0", "refused", str(calls)])
        self.assertNotIn(KEY.encode(), sent)
        # Current SDKs of openai and anthropic try again after any exception, twice; each attempt is refused before its body.
        self.assertLessEqual(sent.count(b"POST "), attempts * calls)

    def check_effects(self, python, text, calls):
        """Every effect that stops or warns, at the connection, at the request and at the model call."""
        peer = (("server.address", "string", "known", ""),)
        for type_ in ("net.connect", "http.request", "ai.request"):
            for effect in ("block", "approve"):
                with self.subTest(type_ + " " + effect):
                    printed, sent = self.run_against(python, text, effect, peer, type_)
                    self.assertEqual((printed, KEY.encode() in sent, type_ == "net.connect" and sent != b""), (["passed", "0", "refused", str(calls)], False, False))
            with self.subTest(type_ + " warn"):
                printed, sent = self.run_against(python, text, "warn", peer, type_)
                self.assertEqual((printed, sent.count(KEY.encode()), self.warned), (["passed", str(calls), "refused", "0"], calls, 1))
            with self.subTest(type_ + " kill"):
                printed, sent = self.run_against(python, text, "kill", peer, type_, 137)
                self.assertEqual((printed, KEY.encode() in sent), ([], False))

    def python_with(self, *packages):
        from .test_models import ModelTest

        return ModelTest.python_with(self, packages)[0]

    def test_http_clients(self):
        self.check(self.python_with(*PACKAGES), CLIENTS, 6)

    def test_http_clients_under_every_effect(self):
        self.check_effects(self.python_with(*PACKAGES), CLIENTS, 6)

    def test_http2(self):
        python = self.python_with(*PACKAGES)
        plain = self.run_http2(python, None)
        self.assertEqual(plain[0], ["passed", "6", "refused", "0"])
        self.assertEqual([body.count(KEY) for body in plain[1]], [0, 1, 1, 1, 1, 1])
        for effect in ("redact", "block"):
            with self.subTest(effect):
                printed, bodies = self.run_http2(python, effect)
                # A body in frames is not replaced: what was to be redacted is refused.
                self.assertEqual(printed, ["passed", "1", "refused", "5"])
                self.assertEqual(bodies[0], plain[1][0])
                begun = [body[body.index(KEY[:4]) :] for body in bodies if KEY[:4] in body]
                # What was sent before the rest of the key was there to be seen cannot be taken back.
                self.assertEqual(begun, [KEY[:9]])

    def run_http2(self, python, effect):
        """Runs the script of HTTP/2 under the effect; gives what it printed and the bodies that came to the server."""
        lines = ["V\t1", "P\tp\t1\tenforce"]
        if effect is not None:
            lines += statement("s", "ai.request", effect, ("sentinel.ai.secret_kinds", "string[]", "sizeGt", "", "0"))
        with open(os.path.join(self.folder, "policy"), "w") as file:
            file.write("\n".join(lines) + "\n")
        command = [python, os.path.join(HERE, "http2_server.py"), *test_clients.ClientTest.certificate(self)]
        server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, universal_newlines=True)
        try:
            port = server.stdout.readline().strip()
            script = self.script(FAKE_HOSTS + ATTEMPT + HTTP2)
            done = subprocess.run(
                [python, script, port], env=self.environment(), cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True, timeout=120
            )
            self.assertEqual(done.returncode, 0, done.stderr[-3000:])
        finally:
            kept, _ = server.communicate(timeout=30)
        return done.stdout.split(), json.loads(kept)

    def test_every_kind_of_secret(self):
        texts = []
        with open(PACK, encoding="utf-8") as file:
            for each in json.load(file)["formats"]:
                texts.append("".join(each["trueCases"][0]))
        with open(os.path.join(self.folder, "texts.json"), "w") as file:
            json.dump(texts, file)
        python = self.python_with(*PACKAGES)
        printed, sent = self.run_against(python, EVERY_KIND, "redact")
        passed, refused = int(printed[1]), int(printed[3])
        self.assertEqual(passed + refused, len(texts))
        self.assertGreaterEqual(passed, 200)
        bodies = [json.loads(each) for each in re.findall(rb"\r\n\r\n(\{.*?\})(?=POST |$|\n)", sent, re.S)]
        self.assertGreaterEqual(len(bodies), 200)
        left = [text for text in texts if json.dumps(text).encode()[1:-1] in sent]
        self.assertEqual(left, [])


def _sdk(packages, text, calls, attempts):
    return lambda self: self.check(self.python_with(*packages), text, calls, attempts)


def _effects(text, calls):
    return lambda self: self.check_effects(self.python_with(*SDKS), text, calls)


SDKS = ("openai==3.52.0", "anthropic==2.11.0", "google-genai==3.4.0", "boto3==1.44.5", "mcp==2.3.0")
PolicyClientsTest.test_openai = _sdk(SDKS, OPENAI, 4, 3)
PolicyClientsTest.test_anthropic = _sdk(SDKS, ANTHROPIC, 3, 3)
PolicyClientsTest.test_google = _sdk(SDKS, GOOGLE, 2, 1)
PolicyClientsTest.test_openai_under_every_effect = _effects(OPENAI, 4)
PolicyClientsTest.test_anthropic_under_every_effect = _effects(ANTHROPIC, 3)
PolicyClientsTest.test_google_under_every_effect = _effects(GOOGLE, 2)
