"""Calls to models, read from bytes: recognition, prompts, answers, framing, header blocks, and the seam for a decision."""

import gzip
import json
import os
import unittest
import zlib

from .support import PACKAGE

from sentinel_probe import boot

HEAD = b"POST /v1/chat/completions HTTP/1.1\r\nHost: api.openai.com\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"


class ModelWireTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        boot._home = PACKAGE
        boot.STATE.run_id, boot.STATE.path, boot.STATE.hello, boot.STATE.spool = "test", os.devnull, "", os.path.dirname(os.devnull)
        for name in ("llm", "llm_hosts", "llm_request", "llm_response", "http1", "http1_message", "http2", "hpack", "pii"):
            setattr(cls, name, boot.load(name))

    def test_hosts_and_paths(self):
        cases = {
            ("api.openai.com", 443, "/v1/chat/completions"): ("openai", "chat", "", False),
            ("api.openai.com", 443, "/v1/files"): None,
            ("eu.api.openai.com", 443, "/v1/responses"): ("openai", "chat", "", False),
            ("corp.openai.azure.com", 443, "/openai/deployments/gpt-4o/embeddings"): ("azure.ai.openai", "embeddings", "gpt-4o", False),
            ("models.github.ai", 443, "/inference/chat/completions"): ("azure.ai.inference", "chat", "", False),
            ("localhost", 11434, "/v1/chat/completions"): ("ollama", "chat", "", False),
            ("10.0.0.5", 8000, "/v1/completions"): ("openai_compatible", "text_completion", "", False),
            ("gateway.corp", 443, "/anthropic/v1/messages"): ("anthropic", "chat", "", False),
            ("shop.example", 443, "/api/messages"): None,
            ("shop.example", 443, "/responses"): None,
            ("shop.example", 443, "/v1/users"): None,
            ("shop.example", 443, "/images/variations"): ("openai_compatible", "generate_content", "", False),
            ("shop.example", 443, "/posts/edits"): None,
            ("generativelanguage.googleapis.com", 443, "/v1beta/models/gemini-2.5-pro:streamGenerateContent"): ("gcp.gemini", "generate_content", "gemini-2.5-pro", True),
            ("eu-aiplatform.googleapis.com", 443, "/v1/projects/p/locations/l/publishers/google/models/gemini:generateContent"): ("gcp.vertex_ai", "generate_content", "gemini", False),
            ("bedrock-runtime.eu-central-1.amazonaws.com", 443, "/model/anthropic.claude-3%3A0/converse-stream"): ("aws.bedrock", "chat", "anthropic.claude-3:0", True),
            ("bedrock-runtime.us-east-1.amazonaws.com", 443, "/model/amazon.titan-embed-text-v2%3A0/invoke"): ("aws.bedrock", "embeddings", "amazon.titan-embed-text-v2:0", False),
            ("api.cohere.com", 443, "/v2/chat"): ("cohere", "chat", "", False),
            ("openai.com.evil.example", 443, "/v1/chat/completions"): ("openai_compatible", "chat", "", False),
            ("notopenai.com", 443, "/v1/audio/speech"): ("openai_compatible", "speech", "", False),
        }
        for given, wanted in cases.items():
            with self.subTest(given):
                self.assertEqual(self.llm_hosts.shape(*given), wanted)

    def read(self, body, form=b""):
        found = self.llm_request.read(body if isinstance(body, bytes) else json.dumps(body).encode(), form, b"", False)
        return None if found is None else (found.model, found.is_streaming, found.characters, found.attachments, found.tools)

    def test_prompts(self):
        cases = [
            ({"model": "m", "messages": [{"role": "user", "content": "hello"}], "stream": True}, ("m", True, 5, 0, 0)),
            ({"model": "m", "input": ["ab", "cde"]}, ("m", False, 5, 0, 0)),
            ({"model": "m", "input": [[1, 2, 3], [4]]}, ("m", False, 0, 0, 0)),
            ({"contents": [{"role": "user", "parts": [{"text": "abc"}, {"inlineData": {"mimeType": "image/png", "data": "QUJD"}}]}], "systemInstruction": {"parts": [{"text": "de"}]}, "tools": [{"functionDeclarations": [{}, {}]}]}, ("", False, 5, 1, 2)),
            ({"messages": [{"role": "user", "content": [{"text": "abc"}, {"document": {"format": "pdf", "name": "x", "source": {"bytes": "QUJD"}}}]}], "toolConfig": {"tools": [{}, {}, {}]}}, ("", False, 3, 1, 3)),
            ({"model": "m", "messages": [{"role": "user", "content": "abc", "images": ["QUJD", "QUJD"]}]}, ("m", False, 3, 2, 0)),
            ({"model": "m", "messages": [{"role": "tool", "tool_call_id": "x", "content": "result"}]}, ("m", False, 6, 0, 0)),
            ({"name": "not a call", "items": [1]}, None),
            ([1, 2], None),
            (b"no json", None),
            (b"", None),
        ]
        for given, wanted in cases:
            with self.subTest(given):
                self.assertEqual(self.read(given), wanted)
        form = b'--b\r\nContent-Disposition: form-data; name="model"\r\n\r\nwhisper\r\n--b\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\nRIFF\r\n--b--\r\n'
        self.assertEqual(self.read(form, b"multipart/form-data; boundary=b"), ("whisper", False, 0, 1, 0))
        cut = self.llm_request.read(b'{"messages": [{"content": "' + b"x" * 100, b"", b'x"}], "model": "late", "stream": true}', True)
        self.assertEqual((cut.model, cut.is_streaming), ("late", True))

    def test_secrets_and_personal_data_by_kind(self):
        self.llm_request.prepare()
        found = self.llm_request.read(json.dumps({"model": "m", "prompt": "ask jo@example.org, pay DE89 3704 0044 0532 0130 00 or 4111 1111 1111 1111, with AKIAQYLPMN5HHHFPZAM2"}).encode(), b"", b"", False)
        self.assertEqual((found.secrets, found.pii), ({"aws-access-key-id"}, {"email", "iban", "payment-card"}))
        self.assertEqual(found.texts, [])
        for text in ("DE89370400440532013001", "4111 1111 1111 1112", "0000 0000 0000 0000", "a@b", "version 1.2.3-4@x", "12345678901234567890123"):
            self.assertEqual(self.pii.kinds(text), set(), text)

    def answer(self, body, kind=b"application/json", encoding=b"", step=0):
        heads = {b"content-type": kind, b"content-encoding": encoding}
        reader = self.llm_response.Reader(lambda name: heads.get(name, b""))
        for at in range(0, len(body), step or len(body)):
            reader.feed(body[at : at + (step or len(body))])
        return reader.facts()

    def test_answers(self):
        usage = {"prompt_tokens": 3, "completion_tokens": 4}
        wanted = {"gen_ai.usage.input_tokens": 3, "gen_ai.usage.output_tokens": 4, "gen_ai.response.model": "m"}
        body = json.dumps({"model": "m", "choices": [], "usage": usage}).encode()
        raw = zlib.compressobj(wbits=-15)
        packed = {b"": body, b"gzip": gzip.compress(body), b"deflate": zlib.compress(body)}
        for encoding, data in packed.items():
            for step in (0, 1, 7):
                self.assertEqual(self.answer(data, encoding=encoding, step=step), wanted)
        self.assertEqual(self.answer(raw.compress(body) + raw.flush(), encoding=b"deflate", step=5), wanted)
        self.assertEqual(self.answer(body, encoding=b"unheard-of"), {"sentinel.ai.unread": "encoding"})
        self.assertEqual(self.answer(body, encoding=b"gzip"), {"sentinel.ai.unread": "encoding"})
        self.assertEqual(self.answer(b"{", step=0), {"sentinel.ai.unread": "not JSON"})
        self.assertEqual(self.answer(b"{}"), {"sentinel.ai.unread": "no usage"})
        stream = b"".join([b"data: " + json.dumps(each).encode() + b"\r\n\r\n" for each in ({"model": "m", "choices": [{"delta": {"content": "\\n"}}]}, {"choices": [], "usage": usage})]) + b"data: [DONE]\n\n"
        for step in (0, 1, 3):
            self.assertEqual(self.answer(stream, b"text/event-stream; charset=utf-8", step=step), wanted)
        large = json.dumps({"model": "m", "data": [[0.5] * 400_000], "usage": usage}).encode()
        self.assertEqual(self.answer(large, step=65536), wanted)
        array = json.dumps([{"modelVersion": "m", "usageMetadata": {"promptTokenCount": 3, "candidatesTokenCount": 1}}, {"usageMetadata": {"promptTokenCount": 3, "candidatesTokenCount": 2, "thoughtsTokenCount": 2}}]).encode()
        self.assertEqual(self.answer(array), wanted)
        for broken in (b"data: {\n", b"data: {\"usage\": 5}\n", b'data: {"usage": {"prompt_tokens": "x"}}\n', b'data: {"choices": {"a": 1}, "content": 5, "usage": null}\n'):
            self.assertEqual(self.answer(broken, b"text/event-stream"), {"sentinel.ai.unread": "no usage"})

    def test_memory_of_an_answer_is_bounded(self):
        reader = self.llm_response.Reader(lambda name: b"text/event-stream" if name == b"content-type" else b"")
        for _ in range(400):
            reader.feed(b"x" * 65536)  # a line that never ends
        self.assertLess(len(reader._line), 1_100_000)
        reader = self.llm_response.Reader(lambda name: b"application/json" if name == b"content-type" else b"")
        for _ in range(400):
            reader.feed(b"x" * 65536)
        self.assertLess(sum(map(len, reader._parts)), 1_100_000)

    def exchange(self):
        return type(self).http1.Exchange("api.openai.com", 443, "https")

    def test_the_seam_for_a_decision_is_asked_before_the_body_goes_out(self):
        body = json.dumps({"model": "m", "messages": [{"role": "user", "content": "hunter2"}]}).encode()
        asked = []
        real = self.llm.decide

        class Refused(RuntimeError):
            pass

        def put(answer):
            self.llm.decide = lambda activity, *facts: (asked.append(activity.type), answer)[1]

        core = boot.load("core")
        self.addCleanup(setattr, self.llm, "decide", real)
        self.addCleanup(setattr, core, "deciding", core.deciding)
        core.deciding = lambda: object()
        put(None)
        exchange = self.exchange()
        self.assertEqual((exchange.sending(HEAD % len(body)), asked), (None, []))
        exchange.sent(len(HEAD % len(body)))
        self.assertEqual((exchange.sending(body[:10]), exchange.sent(10), exchange.sending(body[10:]), asked), (None, None, None, ["ai.request"]))
        refusal = Refused("no")
        put(refusal)
        self.assertIs(self.exchange().sending(HEAD % len(body) + body), refusal)
        clean = body.replace(b"hunter2", b"*******")
        put(clean)
        self.assertEqual(self.exchange().sending(HEAD % len(body) + body), HEAD % len(body) + clean)
        put(b"of another length")
        self.assertIsNone(self.exchange().sending(HEAD % len(body) + body))

    def test_what_a_partial_send_repeats_is_read_once(self):
        body = json.dumps({"model": "once", "messages": [{"role": "user", "content": "x" * 1000}]}).encode()
        data = HEAD % len(body) + body
        exchange = self.exchange()
        at = 0
        while at < len(data):
            exchange.sending(memoryview(data)[at:])
            exchange.sent(97)
            at += 97
        answer = json.dumps({"model": "once", "usage": {"prompt_tokens": 5, "completion_tokens": 6}}).encode()
        exchange.received(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(answer), answer), 80 + len(answer))
        (found,) = [each for key, each in self.llm._found.items() if key[2] == "once"]
        boot.load("records")._harvest()
        self.assertEqual((found.count, found.changes["sentinel.ai.prompt_characters"], found.changes["gen_ai.usage.input_tokens"]), (1, 1000, 5))

    def test_commands_that_start_mcp_servers(self):
        cases = {
            ("npx", "-y", "@modelcontextprotocol/server-filesystem", "/home/jo/secret"): "@modelcontextprotocol/server-filesystem",
            ("/usr/bin/npx", "-y", "@playwright/mcp@latest"): "@playwright/mcp@latest",
            ("uvx", "mcp-server-git", "--repository", "x"): "mcp-server-git",
            ("uv", "run", "--directory", "/srv/x", "/srv/x/my_mcp_server.py"): "my_mcp_server.py",
            ("/venv/bin/python3.11", "-m", "mcp_server_time"): "mcp_server_time",
            ("python", "/home/jo/mcp/start.py"): None,
            ("/opt/github-mcp-server", "stdio"): "github-mcp-server",
            ("docker", "run", "-i", "--rm", "mcp/postgres", "postgresql://jo:hunter2@db/mcp"): "mcp/postgres",
            ("git", "commit", "-m", "mcp"): None,
            ("python", "-c", "import mcp; x"): None,
            ("ls", "-l"): None,
        }
        mcp = boot.load("mcp")
        for command, wanted in cases.items():
            with self.subTest(command):
                self.assertEqual(mcp.server_of(command[0], list(command)), wanted)

    def test_framing(self):
        body = b"hello world"
        chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n6\r\n world\r\n0\r\nTrailer: x\r\n\r\n"
        sized = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\nhello worldnext"
        until = b"HTTP/1.1 200 OK\r\n\r\nhello world"
        for data, is_done in ((chunked, True), (sized, True), (until, False)):
            for step in (1, 2, 5, 1000):
                message = self.http1_message.Message(True)
                got = b"".join([message.feed(data[at : at + step]) for at in range(0, len(data), step)])
                self.assertEqual((got, message.is_done(), message.status), (body, is_done, 200))

    def test_header_blocks_of_the_standard(self):
        decoder = self.hpack.Decoder()
        given = ["828684418cf1e3c2e5f23a6ba0ab90f4ff", "828684be5886a8eb10649cbf", "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf"]  # RFC 7541, C.4
        first = [(b":method", b"GET"), (b":scheme", b"http"), (b":path", b"/"), (b":authority", b"www.example.com")]
        self.assertEqual(decoder.decode(bytes.fromhex(given[0])), first)
        self.assertEqual(decoder.decode(bytes.fromhex(given[1])), [*first, (b"cache-control", b"no-cache")])
        self.assertEqual(decoder.decode(bytes.fromhex(given[2])), [(b":method", b"GET"), (b":scheme", b"https"), (b":path", b"/index.html"), (b":authority", b"www.example.com"), (b"custom-key", b"custom-value")])
        for broken in ("80", "ff", "40", "3fffffffffffff", "418cf1"):
            with self.assertRaises((ValueError, IndexError)):
                self.hpack.Decoder().decode(bytes.fromhex(broken))


if __name__ == "__main__":
    unittest.main()
