"""Real SDKs of model providers against a stand-in that speaks their wire formats: model, tokens and tool calls as the server said them."""

import json
import os
import re
import subprocess
import sys
import unittest
import urllib.request

from ..environments import environment
from ..support import ProbeTestCase
from .databases import IS_LONG, python_of

HERE = os.path.dirname(os.path.abspath(__file__))

FAKE_HOSTS = """
import os, socket, sys
PORT = int(sys.argv[1]); _real = socket.getaddrinfo
socket.getaddrinfo = lambda host, port, *a, **k: _real("127.0.0.1" if host and "." in (host if isinstance(host, str) else host.decode()) else host, port, *a, **k)
for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"): os.environ[name] = "hunter2"
os.environ["AWS_DEFAULT_REGION"] = "eu-central-1"
def url(host, path=""): return "http://%s:%d%s" % (host, PORT, path)
TEXT = "Reply to jo@example.org about DE89370400440532013000, key AKIAQYLPMN5HHHFPZAM2 please."
"""

TOOL = '[{"type": "function", "function": {"name": "look_up", "description": "d", "parameters": {"type": "object", "properties": {}}}}]'

OPENAI = (
    """
import openai, asyncio
messages = [{"role": "system", "content": "Be brief"}, {"role": "user", "content": [{"type": "text", "text": TEXT}, {"type": "image_url", "image_url": {"url": "data:image/png;base64," + "QUJD" * 200}}]}]
tools = %s
c = openai.OpenAI(base_url=url("api.openai.com", "/v1"), max_retries=0)
for i in range(3): c.chat.completions.create(model="gpt-sync", messages=messages, tools=tools)
for chunk in c.chat.completions.create(model="gpt-stream", messages=messages, tools=tools, stream=True, stream_options={"include_usage": True}): pass
c.responses.create(model="resp-sync", instructions="Be brief", input=TEXT)
for each in c.responses.create(model="resp-stream", input=[{"role": "user", "content": [{"type": "input_text", "text": TEXT}, {"type": "input_file", "filename": "a.pdf", "file_data": "data:application/pdf;base64,QUJD"}]}], stream=True): pass
c.embeddings.create(model="embed-big", input=["a" * 100] * 200)
c.images.generate(model="gpt-image", prompt="a cat", response_format="b64_json")
c.audio.transcriptions.create(model="gpt-sound", file=("a.wav", b"RIFF" * 5000))
try: c.chat.completions.create(model="no-such-model", messages=messages)
except openai.NotFoundError: pass
c.chat.completions.create(model="gpt-huge", messages=[{"role": "user", "content": "x" * 1_500_000}])
async def main():
    a = openai.AsyncOpenAI(base_url=url("api.openai.com", "/v1"))
    await asyncio.gather(*[a.chat.completions.create(model="gpt-async", messages=messages) for i in range(5)])
    async for chunk in await a.chat.completions.create(model="gpt-astream", messages=messages, stream=True, stream_options={"include_usage": True}): pass
    async for each in await a.responses.create(model="resp-astream", input=TEXT, stream=True): pass
asyncio.run(main())
z = openai.AzureOpenAI(azure_endpoint=url("corp.openai.azure.com"), api_version="2025-01-01", api_key="hunter2")
z.chat.completions.create(model="azure-deployment", messages=messages)
v = openai.OpenAI(base_url=url("localhost", "/v1"))
v.chat.completions.create(model="vllm-model", messages=[{"role": "user", "content": "hello there"}])
"""
    % TOOL
)

ANTHROPIC = """
import anthropic, asyncio
messages = [{"role": "user", "content": [{"type": "text", "text": TEXT}, {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "QUJD" * 50}}, {"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": "QUJD"}}]}]
tools = [{"name": "look_up", "description": "d", "input_schema": {"type": "object", "properties": {}}}]
c = anthropic.Anthropic(base_url=url("api.anthropic.com"))
for i in range(3): c.messages.create(model="claude-sync", max_tokens=10, system="Be brief", messages=messages, tools=tools)
with c.messages.stream(model="claude-stream", max_tokens=10, messages=messages, tools=tools) as s:
    for text in s.text_stream: pass
for each in c.messages.create(model="claude-raw", max_tokens=10, messages=messages, stream=True): pass
async def main():
    a = anthropic.AsyncAnthropic(base_url=url("api.anthropic.com"))
    await asyncio.gather(*[a.messages.create(model="claude-async", max_tokens=10, messages=messages) for i in range(4)])
    async with a.messages.stream(model="claude-astream", max_tokens=10, messages=messages) as s:
        async for text in s.text_stream: pass
asyncio.run(main())
"""

GOOGLE = """
from google import genai
from google.genai import types
import asyncio
c = genai.Client(api_key="hunter2", http_options=types.HttpOptions(base_url=url("generativelanguage.googleapis.com")))
tools = types.GenerateContentConfig(system_instruction="Be brief", tools=[types.Tool(function_declarations=[types.FunctionDeclaration(name="look_up", description="d")])])
parts = [types.Part.from_text(text=TEXT), types.Part.from_bytes(data=b"ABC", mime_type="image/png")]
for i in range(2): c.models.generate_content(model="gemini-sync", contents=parts, config=tools)
for each in c.models.generate_content_stream(model="gemini-stream", contents=parts, config=tools): pass
c.models.embed_content(model="gemini-embed", contents="hello there")
async def main():
    await c.aio.models.generate_content(model="gemini-async", contents=parts)
    async for each in await c.aio.models.generate_content_stream(model="gemini-astream", contents=parts): pass
asyncio.run(main())
"""

BEDROCK = """
import boto3, json
c = boto3.client("bedrock-runtime", endpoint_url=url("bedrock-runtime.eu-central-1.amazonaws.com"))
messages = [{"role": "user", "content": [{"text": TEXT}, {"image": {"format": "png", "source": {"bytes": b"ABC" * 100}}}]}]
tools = {"tools": [{"toolSpec": {"name": "look_up", "inputSchema": {"json": {"type": "object"}}}}]}
for i in range(2): c.converse(modelId="anthropic.claude-converse-v1:0", messages=messages, toolConfig=tools, system=[{"text": "Be brief"}])
for each in c.converse_stream(modelId="anthropic.claude-cstream-v1:0", messages=messages, toolConfig=tools)["stream"]: pass
body = json.dumps({"anthropic_version": "bedrock-2023-05-31", "max_tokens": 10, "messages": [{"role": "user", "content": TEXT}]})
c.invoke_model(modelId="anthropic.claude-invoke-v1:0", body=body)["body"].read()
for each in c.invoke_model_with_response_stream(modelId="anthropic.claude-istream-v1:0", body=body)["body"]: pass
c.invoke_model(modelId="amazon.titan-text", body=json.dumps({"inputText": TEXT}))["body"].read()
"""

OTHERS = (
    """
import asyncio, cohere, groq, ollama
from mistralai.client import Mistral
messages = [{"role": "user", "content": TEXT}]
tools = %s
m = Mistral(api_key="hunter2", server_url=url("api.mistral.ai"))
m.chat.complete(model="mistral-sync", messages=messages, tools=tools)
for each in m.chat.stream(model="mistral-stream", messages=messages, tools=tools): pass
m.embeddings.create(model="mistral-embed", inputs=["a"])
async def mistral():
    await m.chat.complete_async(model="mistral-async", messages=messages)
    async for each in await m.chat.stream_async(model="mistral-astream", messages=messages): pass
asyncio.run(mistral())
k = cohere.ClientV2(api_key="hunter2", base_url=url("api.cohere.com"))
k.chat(model="command-sync", messages=messages, tools=tools)
for each in k.chat_stream(model="command-stream", messages=messages, tools=tools): pass
k.embed(model="command-embed", texts=["a"], input_type="search_document", embedding_types=["float"])
async def co():
    a = cohere.AsyncClientV2(api_key="hunter2", base_url=url("api.cohere.com"))
    await a.chat(model="command-async", messages=messages)
    async for each in a.chat_stream(model="command-astream", messages=messages): pass
asyncio.run(co())
g = groq.Groq(api_key="hunter2", base_url=url("api.groq.com"))
g.chat.completions.create(model="groq-sync", messages=messages, tools=tools)
for each in g.chat.completions.create(model="groq-stream", messages=messages, stream=True): pass
async def gr():
    a = groq.AsyncGroq(api_key="hunter2", base_url=url("api.groq.com"))
    async for each in await a.chat.completions.create(model="groq-astream", messages=messages, stream=True): pass
asyncio.run(gr())
o = ollama.Client(host=url("127.0.0.1"))
o.chat(model="llama-sync", messages=[{"role": "user", "content": TEXT, "images": [b"ABC"]}], tools=tools)
for each in o.chat(model="llama-stream", messages=messages, tools=tools, stream=True): pass
o.generate(model="llama-generate", prompt=TEXT)
o.embed(model="llama-embed", input="hello there")
async def ol():
    a = ollama.AsyncClient(host=url("127.0.0.1"))
    async for each in await a.chat(model="llama-astream", messages=messages, stream=True): pass
asyncio.run(ol())
from azure.ai.inference import ChatCompletionsClient
from azure.ai.inference.models import UserMessage
from azure.core.credentials import AzureKeyCredential
i = ChatCompletionsClient(endpoint=url("corp.services.ai.azure.com", "/models"), credential=AzureKeyCredential("hunter2"), permit_redirects=False)
i.complete(messages=[UserMessage(TEXT)], model="azure-sync")
for each in i.complete(messages=[UserMessage(TEXT)], model="azure-stream", stream=True, model_extras={"stream_options": {"include_usage": True}}): pass
"""
    % TOOL
)

LITELLM = """
import asyncio, litellm
messages = [{"role": "user", "content": TEXT}]
litellm.completion(model="openai/lite-sync", messages=messages, api_base=url("api.openai.com", "/v1"))
for each in litellm.completion(model="openai/lite-stream", messages=messages, api_base=url("api.openai.com", "/v1"), stream=True, stream_options={"include_usage": True}): pass
litellm.completion(model="anthropic/claude-lite", messages=messages, api_base=url("api.anthropic.com"))
async def main():
    await litellm.acompletion(model="openai/lite-async", messages=messages, api_base=url("api.openai.com", "/v1"))
    async for each in await litellm.acompletion(model="anthropic/claude-lite-astream", messages=messages, api_base=url("api.anthropic.com"), stream=True): pass
asyncio.run(main())
"""

LANGCHAIN = """
import asyncio
from langchain_openai import ChatOpenAI, OpenAIEmbeddings
c = ChatOpenAI(model="chain-sync", base_url=url("api.openai.com", "/v1"), stream_usage=True)
c.invoke(TEXT)
for each in ChatOpenAI(model="chain-stream", base_url=url("api.openai.com", "/v1"), stream_usage=True).stream(TEXT): pass
async def main():
    await ChatOpenAI(model="chain-async", base_url=url("api.openai.com", "/v1")).ainvoke(TEXT)
    async for each in ChatOpenAI(model="chain-astream", base_url=url("api.openai.com", "/v1"), stream_usage=True).astream(TEXT): pass
asyncio.run(main())
OpenAIEmbeddings(model="chain-embed", base_url=url("api.openai.com", "/v1"), check_embedding_ctx_length=False).embed_documents(["a"])
"""

#: Releases of 2024, when the SDKs rode on httpx, on the oldest Python.
OLDER = ("openai==1.40.0", "httpx==0.27.0", "anthropic==0.34.0", "boto3==1.34.140", "cohere==5.5.8", "groq==0.9.0", "ollama==0.3.1")
OLDER_GOOGLE = ("google-genai==1.0.0",)
OLDER_OPENAI = "\n".join([line for line in OPENAI.splitlines() if "responses" not in line and "for each in s" not in line and '"resp-' not in line])

NAMES = {
    "calls": None,
    "input": "gen_ai.usage.input_tokens",
    "output": "gen_ai.usage.output_tokens",
    "tools": "sentinel.ai.tool_calls",
    "cache_read": "gen_ai.usage.cache_read.input_tokens",
    "cache_write": "gen_ai.usage.cache_creation.input_tokens",
}


class ModelTest(ProbeTestCase):
    def python_with(self, newest):
        """Environments with the packages, or a skip."""
        try:
            return [environment(*newest, python=sys.executable if sys.version_info >= (3, 10) else python_of("3.11"))]
        except RuntimeError as error:
            raise unittest.SkipTest("packages cannot be had: %s" % str(error)[-300:]) from None

    def ask(self, python, text):
        """Runs the script against the stand-in; gives its run and what the server said."""
        server = subprocess.Popen([sys.executable, "-I", os.path.join(HERE, "model_server.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            port = int(server.stdout.readline())
            for name in os.listdir(self.spool):
                os.remove(os.path.join(self.spool, name))
            done = subprocess.run([python, self.script(FAKE_HOSTS + text), str(port)], env=self.environment(), cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True, timeout=120)
            self.assertEqual(done.returncode, 0, done.stderr)
            with urllib.request.urlopen("http://127.0.0.1:%d/truth" % port) as answer:
                truth = json.load(answer)
        finally:
            server.stdin.close()
            server.wait(20)
            server.stdout.close()
        (run,) = [run for run in self.runs() if run.of("ai.request")]
        return run, truth

    def compare(self, python, text):
        run, truth = self.ask(python, text)
        seen = {}
        for record in run.of("ai.request"):
            model = record["gen_ai.request.model"]
            if model == "no-such-model":
                continue
            self.assertNotIn(model, seen)
            seen[model] = {key: record.count if name is None else int(record.get(name, 0)) for key, name in NAMES.items()}
            self.assertEqual(record.get("sentinel.ai.unread"), None, model)
        self.assertEqual(seen, truth)
        self.assertEqual(run.of("probe.error"), [])
        for secret in (b"hunter2", b"AKIAQYLPMN5HHHFPZAM2", b"jo@example", b"Be brief", b"DE8937"):
            self.assertNotIn(secret, run.data)
        return run, {record["gen_ai.request.model"]: record for record in run.of("ai.request")}

    @unittest.skipUnless(IS_LONG, "SENTINEL_TEST_LONG is not set")
    def test_older_releases(self):
        python = environment(*OLDER, python=python_of("3.8"))
        self.compare(python, OLDER_OPENAI)
        self.compare(python, ANTHROPIC)
        self.compare(python, BEDROCK)
        self.compare(environment(*OLDER_GOOGLE, python=python_of("3.11")), GOOGLE)

    def test_openai(self):
        for python in self.python_with(("openai==3.52.0", "anthropic==2.11.0", "google-genai==3.4.0", "boto3==1.44.5", "mcp==2.3.0")):
            run, found = self.compare(python, OPENAI)
            chat = found["gpt-sync"]
            self.assertEqual((chat["gen_ai.provider.name"], chat["gen_ai.operation.name"], chat["server.address"], chat["gen_ai.response.model"]), ("openai", "chat", "api.openai.com", "gpt-sync-2026"))
            self.assertEqual((chat["sentinel.ai.attachments"], chat["sentinel.ai.tools"], chat.get("sentinel.ai.streaming")), ("3", "1", None))
            self.assertEqual(int(chat["sentinel.ai.prompt_characters"]), 3 * (len("Be brief") + 86))
            self.assertEqual((chat["sentinel.ai.secret_kinds"], chat["sentinel.ai.pii_kinds"]), ("aws-access-key-id", "email,iban"))
            self.assertEqual(found["gpt-stream"]["sentinel.ai.streaming"], "true")
            self.assertEqual((found["resp-stream"]["sentinel.ai.attachments"], found["gpt-sound"]["sentinel.ai.attachments"]), ("1", "1"))
            self.assertEqual([found[m]["gen_ai.operation.name"] for m in ("embed-big", "gpt-image", "gpt-sound")], ["embeddings", "generate_content", "transcription"])
            self.assertEqual([found[m]["gen_ai.provider.name"] for m in ("azure-deployment", "vllm-model")], ["azure.ai.openai", "openai_compatible"])
            self.assertEqual((found["no-such-model"].errors, found["no-such-model"]["http.response.status_code"]), (1, "404"))

    def test_anthropic(self):
        for python in self.python_with(("openai==3.52.0", "anthropic==2.11.0", "google-genai==3.4.0", "boto3==1.44.5", "mcp==2.3.0")):
            run, found = self.compare(python, ANTHROPIC)
            self.assertEqual({r["gen_ai.provider.name"] for r in found.values()}, {"anthropic"})
            self.assertEqual(found["claude-stream"]["sentinel.ai.attachments"], "2")
            self.assertEqual(found["claude-sync"]["sentinel.ai.pii_kinds"], "email,iban")

    def test_google(self):
        for python in self.python_with(("openai==3.52.0", "anthropic==2.11.0", "google-genai==3.4.0", "boto3==1.44.5", "mcp==2.3.0")):
            run, found = self.compare(python, GOOGLE)
            self.assertEqual({r["gen_ai.provider.name"] for r in found.values()}, {"gcp.gemini"})
            self.assertEqual([found[m].get("sentinel.ai.streaming") for m in ("gemini-sync", "gemini-stream")], [None, "true"])
            self.assertEqual((found["gemini-sync"]["sentinel.ai.attachments"], found["gemini-sync"]["sentinel.ai.tools"]), ("2", "1"))

    def test_bedrock(self):
        for python in self.python_with(("openai==3.52.0", "anthropic==2.11.0", "google-genai==3.4.0", "boto3==1.44.5", "mcp==2.3.0")):
            run, found = self.compare(python, BEDROCK)
            self.assertEqual({r["gen_ai.provider.name"] for r in found.values()}, {"aws.bedrock"})
            self.assertEqual(found["anthropic.claude-converse-v1:0"]["sentinel.ai.attachments"], "2")

    def test_mistral_cohere_groq_ollama_azure(self):
        for python in self.python_with(("mistralai==3.7.0", "cohere==7.3.1", "groq==1.7.0", "ollama==0.6.3", "azure-ai-inference==1.0.0b9")):
            run, found = self.compare(python, OTHERS)
            providers = {re.sub("-.*", "", model): record["gen_ai.provider.name"] for model, record in found.items()}
            self.assertEqual(providers, {"mistral": "mistral_ai", "command": "cohere", "groq": "groq", "llama": "ollama", "azure": "azure.ai.inference"})

    def test_litellm(self):
        for python in self.python_with(("litellm==1.106.2",)):
            self.compare(python, LITELLM)

    def test_langchain(self):
        for python in self.python_with(("langchain-openai==1.7.3",)):
            self.compare(python, LANGCHAIN)
