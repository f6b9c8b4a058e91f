"""A stand-in for the model providers: speaks each one's wire format and keeps the truth of what it said.

    python model_server.py           prints its port; ends when its standard input does

`GET /truth` gives, for each model, calls, tokens and tool calls as they were said. Token numbers differ with every call. Every second answer is
compressed where the client takes that, streams are chunked and cut at odd places.
Formats: the providers' API references (see `llm_hosts`, `llm_response`).
"""

import base64
import collections
import gzip
import http.server
import json
import re
import sys
import threading
import zlib

TRUTH = collections.defaultdict(lambda: collections.Counter())
LOCK = threading.Lock()
NUMBER = [0]


def event(payload, **headers):
    """One message of Amazon's event stream."""
    head = b""
    for name, value in {":message-type": "event", ":content-type": "application/json", **headers}.items():
        head += bytes([len(name)]) + name.encode() + b"\x07" + len(value).to_bytes(2, "big") + value.encode()
    body = json.dumps(payload).encode()
    start = (16 + len(head) + len(body)).to_bytes(4, "big") + len(head).to_bytes(4, "big")
    start += zlib.crc32(start).to_bytes(4, "big")
    whole = start + head + body
    return whole + zlib.crc32(whole).to_bytes(4, "big")


def sse(*events, named=False, done=True):
    lines = b""
    for each in events:
        if named:
            lines += b"event: %s\n" % each["type"].encode()
        lines += b"data: " + json.dumps(each).encode() + b"\n\n"
    return lines + (b"data: [DONE]\n\n" if done else b"")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        with LOCK:
            self.answer(json.dumps(TRUTH).encode(), plain=True)

    def do_POST(self):
        length = self.headers.get("Content-Length")
        if length is not None:
            body = self.rfile.read(int(length))
        else:
            body = b""
            while True:
                size = int(self.rfile.readline(), 16)
                body += self.rfile.read(size)
                self.rfile.readline()
                if not size:
                    break
        path = self.path.partition("?")[0]
        with LOCK:
            NUMBER[0] += 1
            number = NUMBER[0]
        self.number, self.tokens = number, (100 + number, 10 + 3 * number)
        if "multipart" in self.headers.get("Content-Type", ""):
            asked = {"model": re.search(rb'name="model"\r\n(?:[^\r\n]+\r\n)*\r\n([^\r\n]+)', body).group(1).decode()}
        else:
            asked = json.loads(body)
        if asked.get("model") == "no-such-model":
            return self.answer(json.dumps({"error": {"message": "no", "type": "not_found"}}).encode(), status=404)
        for pattern, method in ROUTES:
            found = re.search(pattern, path)
            if found:
                return method(self, asked, *[part for part in found.groups() if part is not None])
        self.answer(b"{}", status=404)

    def truth(self, model, tools=0, cache_read=0, cache_write=0, output=None):
        with LOCK:
            TRUTH[model].update(calls=1, input=self.tokens[0], output=self.tokens[1] if output is None else output, tools=tools, cache_read=cache_read, cache_write=cache_write)

    def answer(self, body, kind="application/json", status=200, stream=False, plain=False, headers=()):
        is_zipped = not plain and "gzip" in self.headers.get("Accept-Encoding", "") and self.number % 2 and kind != "application/vnd.amazon.eventstream"
        if is_zipped:
            body = gzip.compress(body)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in headers:
            self.send_header(name, value)
        if is_zipped:
            self.send_header("Content-Encoding", "gzip")
        if stream:
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            at = 0
            step = 37
            while at < len(body):
                part = body[at : at + step]
                self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
                self.wfile.flush()
                at += step
                step = step * 3 % 251 + 5
            self.wfile.write(b"0\r\n\r\n")
        else:
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def chat(self, asked, deployment=None):
        model = asked.get("model") or deployment
        given, said = self.tokens
        usage = {"prompt_tokens": given, "completion_tokens": said, "total_tokens": given + said, "prompt_tokens_details": {"cached_tokens": 5}}
        tools = 2 if asked.get("tools") else 0
        self.truth(model if not deployment else deployment, tools, cache_read=5)
        calls = [{"index": n, "id": "call_%d" % n, "type": "function", "function": {"name": "look_up", "arguments": "{}"}} for n in range(tools)]
        head = {"id": "chatcmpl-1", "created": 1, "model": model + "-2026", "system_fingerprint": "x"}
        if not asked.get("stream"):
            message = {"role": "assistant", "content": "Hello usage", "tool_calls": [{k: v for k, v in c.items() if k != "index"} for c in calls] or None}
            choice = {"index": 0, "message": message, "finish_reason": "tool_calls" if tools else "stop", "logprobs": None}
            return self.answer(json.dumps({**head, "object": "chat.completion", "choices": [choice], "usage": usage}).encode())
        head["object"] = "chat.completion.chunk"
        parts = [{**head, "choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": None}]}]
        parts += [{**head, "choices": [{"index": 0, "delta": {"content": "word%d " % n}, "finish_reason": None}]} for n in range(50)]
        for call in calls:
            parts.append({**head, "choices": [{"index": 0, "delta": {"tool_calls": [{**call, "function": {"name": "look_up", "arguments": ""}}]}, "finish_reason": None}]})
            if "mistral" not in model:
                more = [{"index": call["index"], "function": {"arguments": "{}"}}]
                parts.append({**head, "choices": [{"index": 0, "delta": {"tool_calls": more}, "finish_reason": None}]})
        last = {**head, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
        if "groq" in model:
            parts.append({**last, "x_groq": {"id": "req", "usage": usage}})
        elif "mistral" in model:
            parts.append({**last, "usage": usage})
        else:
            parts += [last, {**head, "choices": [], "usage": usage}]
        self.answer(sse(*parts), "text/event-stream", stream=True)

    def respond(self, asked):
        given, said = self.tokens
        tools = 1 if asked.get("tools") else 0
        model = asked["model"]
        self.truth(model, tools, cache_read=7)
        output = [{"type": "message", "id": "msg_1", "status": "completed", "role": "assistant", "content": [{"type": "output_text", "text": "Hello", "annotations": []}]}]
        output += [{"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "look_up", "arguments": "{}", "status": "completed"}] * tools
        usage = {"input_tokens": given, "input_tokens_details": {"cached_tokens": 7}, "output_tokens": said, "output_tokens_details": {"reasoning_tokens": 1}, "total_tokens": given + said}
        whole = {"id": "resp_1", "object": "response", "created_at": 1, "status": "completed", "model": model + "-2026", "output": output, "usage": usage, "tools": [], "tool_choice": "auto", "parallel_tool_calls": True, "error": None, "incomplete_details": None, "instructions": None, "metadata": {}}
        if not asked.get("stream"):
            return self.answer(json.dumps(whole).encode())
        parts = [{"type": "response.created", "sequence_number": 0, "response": {**whole, "status": "in_progress", "output": [], "usage": None}}]
        parts += [{"type": "response.output_text.delta", "sequence_number": n, "item_id": "msg_1", "output_index": 0, "content_index": 0, "delta": "token ", "logprobs": []} for n in range(1, 40)]
        parts.append({"type": "response.completed", "sequence_number": 40, "response": whole})
        self.answer(sse(*parts, named=True, done=False), "text/event-stream", stream=True)

    def embeddings(self, asked, deployment=None):
        model = asked.get("model") or deployment
        count = len(asked["input"]) if isinstance(asked["input"], list) else 1
        self.truth(model, output=0)
        vector = base64.b64encode(b"\0\0\0\0" * 3000).decode() if asked.get("encoding_format") == "base64" else [0.1] * 3000
        data = [{"object": "embedding", "index": n, "embedding": vector} for n in range(count)]
        self.answer(json.dumps({"object": "list", "data": data, "model": model + "-2026", "id": "e", "usage": {"prompt_tokens": self.tokens[0], "total_tokens": self.tokens[0]}}).encode())

    def images(self, asked):
        self.truth(asked["model"])
        usage = {"input_tokens": self.tokens[0], "output_tokens": self.tokens[1], "total_tokens": 1, "input_tokens_details": {"text_tokens": 1, "image_tokens": 0}}
        self.answer(json.dumps({"created": 1, "data": [{"b64_json": "QUJD" * 400_000}], "usage": usage}).encode())

    def transcribe(self, asked):
        self.truth(asked["model"])
        usage = {"type": "tokens", "input_tokens": self.tokens[0], "output_tokens": self.tokens[1], "total_tokens": 1}
        self.answer(json.dumps({"text": "Hello", "usage": usage}).encode())

    def messages(self, asked, model=None, is_bedrock=False, streams=False):
        model = model or asked["model"]
        given, said = self.tokens
        tools = 1 if asked.get("tools") else 0
        self.truth(model, tools, cache_read=11, cache_write=13)
        usage = {"input_tokens": given, "output_tokens": said, "cache_read_input_tokens": 11, "cache_creation_input_tokens": 13}
        content = [{"type": "text", "text": "Hello"}] + [{"type": "tool_use", "id": "toolu_1", "name": "look_up", "input": {}}] * tools
        whole = {"id": "msg_1", "type": "message", "role": "assistant", "model": model + "-2026", "content": content, "stop_reason": "end_turn", "stop_sequence": None, "usage": usage}
        if not (asked.get("stream") or streams):
            return self.answer(json.dumps(whole).encode())
        parts = [{"type": "message_start", "message": {**whole, "content": [], "stop_reason": None, "usage": {**usage, "output_tokens": 1}}}]
        for at, block in enumerate(content):
            parts.append({"type": "content_block_start", "index": at, "content_block": {**block, "text": ""} if block["type"] == "text" else block})
            for n in range(30):
                delta = {"type": "text_delta", "text": "w%d " % n} if block["type"] == "text" else {"type": "input_json_delta", "partial_json": ""}
                parts.append({"type": "content_block_delta", "index": at, "delta": delta})
            parts.append({"type": "content_block_stop", "index": at})
        parts.append({"type": "message_delta", "delta": {"stop_reason": "end_turn", "stop_sequence": None}, "usage": {"output_tokens": said}})
        parts.append({"type": "message_stop"})
        if is_bedrock:
            parts[-1]["amazon-bedrock-invocationMetrics"] = {"inputTokenCount": given, "outputTokenCount": said, "invocationLatency": 1, "firstByteLatency": 1}
            body = b"".join([event({"bytes": base64.b64encode(json.dumps(part).encode()).decode()}, **{":event-type": "chunk"}) for part in parts])
            return self.answer(body, "application/vnd.amazon.eventstream", stream=True)
        self.answer(sse(*parts, named=True, done=False), "text/event-stream", stream=True)

    def google(self, asked, model, verb):
        given, said = self.tokens
        tools = 1 if asked.get("tools") else 0
        if "mbed" in verb:
            self.truth(model, output=0)
            count = len(asked.get("requests") or [1])
            many = {"embeddings": [{"values": [0.1] * 10}] * count}
            one = {"embedding": {"values": [0.1] * 10}}
            return self.answer(json.dumps({**(many if "atch" in verb else one), "usageMetadata": {"promptTokenCount": given, "totalTokenCount": given}}).encode())
        self.truth(model, tools, cache_read=3, output=said + 4)
        usage = {"promptTokenCount": given, "candidatesTokenCount": said, "thoughtsTokenCount": 4, "cachedContentTokenCount": 3, "totalTokenCount": given + said + 4}
        call = [{"functionCall": {"name": "look_up", "args": {}}}] * tools

        def whole(parts, reason="STOP"):
            return {"candidates": [{"content": {"role": "model", "parts": parts}, "finishReason": reason, "index": 0}], "usageMetadata": usage, "modelVersion": model + "-2026", "responseId": "r"}

        if not verb.startswith("stream"):
            return self.answer(json.dumps(whole([{"text": "Hello"}, *call])).encode())
        early = {**usage, "candidatesTokenCount": 1}
        parts = [{**whole([{"text": "w%d" % n}], None), "usageMetadata": early} for n in range(20)] + [whole([{"text": "!"}, *call])]
        self.answer(sse(*parts, done=False), "text/event-stream", stream=True)

    def bedrock(self, asked, model, verb):
        model = model.replace("%3A", ":")
        given, said = self.tokens
        if verb == "invoke":
            heads = [("x-amzn-bedrock-input-token-count", str(given)), ("x-amzn-bedrock-output-token-count", str(said))]
            if "titan" in model:
                self.truth(model)
                body = {"inputTextTokenCount": given, "results": [{"tokenCount": said, "outputText": "Hi", "completionReason": "FINISH"}]}
                return self.answer(json.dumps(body).encode(), headers=heads)
            return self.messages(asked, model)
        if verb == "invoke-with-response-stream":
            return self.messages(asked, model, True, True)
        tools = 1 if asked.get("toolConfig") else 0
        self.truth(model, tools, cache_read=2, cache_write=1)
        usage = {"inputTokens": given, "outputTokens": said, "totalTokens": given + said, "cacheReadInputTokens": 2, "cacheWriteInputTokens": 1}
        use = [{"toolUse": {"toolUseId": "t1", "name": "look_up", "input": {}}}] * tools
        if verb == "converse":
            body = {"output": {"message": {"role": "assistant", "content": [{"text": "Hello"}, *use]}}, "stopReason": "end_turn", "usage": usage, "metrics": {"latencyMs": 1}}
            return self.answer(json.dumps(body).encode())
        parts = [("messageStart", {"role": "assistant"})]
        parts += [("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": "w%d" % n}}) for n in range(30)]
        parts += [("contentBlockStart", {"contentBlockIndex": 1, "start": {"toolUse": {"toolUseId": "t1", "name": "look_up"}}})] * tools
        parts += [("messageStop", {"stopReason": "end_turn"}), ("metadata", {"usage": usage, "metrics": {"latencyMs": 1}})]
        self.answer(b"".join([event(payload, **{":event-type": name}) for name, payload in parts]), "application/vnd.amazon.eventstream", stream=True)

    def cohere(self, asked, verb):
        given, said = self.tokens
        model = asked["model"]
        usage = {"billed_units": {"input_tokens": 1, "output_tokens": 1}, "tokens": {"input_tokens": given, "output_tokens": said}}
        if verb == "embed":
            self.truth(model, output=0)
            units = {"billed_units": {"input_tokens": given}, "api_version": {"version": "2"}}
            return self.answer(json.dumps({"id": "e", "embeddings": {"float": [[0.1]]}, "texts": ["a"], "meta": units, "response_type": "embeddings_by_type"}).encode())
        tools = 1 if asked.get("tools") else 0
        self.truth(model, tools)
        call = {"id": "c1", "type": "function", "function": {"name": "look_up", "arguments": "{}"}}
        message = {"role": "assistant", "content": [{"type": "text", "text": "Hello"}]}
        if tools:
            message["tool_calls"] = [call]
        if not asked.get("stream"):
            return self.answer(json.dumps({"id": "c", "finish_reason": "COMPLETE", "message": message, "usage": usage}).encode())
        parts = [{"type": "message-start", "id": "c", "delta": {"message": {"role": "assistant", "content": [], "tool_plan": "", "tool_calls": [], "citations": []}}}]
        parts.append({"type": "content-start", "index": 0, "delta": {"message": {"content": {"type": "text", "text": ""}}}})
        parts += [{"type": "content-delta", "index": 0, "delta": {"message": {"content": {"text": "w%d" % n}}}} for n in range(20)]
        parts.append({"type": "content-end", "index": 0})
        if tools:
            parts.append({"type": "tool-call-start", "index": 0, "delta": {"message": {"tool_calls": call}}})
            parts.append({"type": "tool-call-end", "index": 0})
        parts.append({"type": "message-end", "id": "c", "delta": {"finish_reason": "COMPLETE", "usage": usage}})
        self.answer(sse(*parts, named=True), "text/event-stream", stream=True)

    def ollama(self, asked, verb):
        given, said = self.tokens
        model = asked["model"]
        head = {"model": model, "created_at": "2026-11-02T09:15:00Z"}
        if verb == "embed":
            self.truth(model, output=0)
            return self.answer(json.dumps({**head, "embeddings": [[0.1]], "prompt_eval_count": given}).encode())
        tools = 1 if asked.get("tools") else 0
        self.truth(model, tools)
        ending = {"done": True, "done_reason": "stop", "prompt_eval_count": given, "eval_count": said, "total_duration": 1}
        calls = [{"function": {"name": "look_up", "arguments": {}}}] * tools

        def part(text, calls=()):
            return {"message": {"role": "assistant", "content": text, **({"tool_calls": calls} if calls else {})}} if verb == "chat" else {"response": text}

        if asked.get("stream") is False:
            return self.answer(json.dumps({**head, **part("Hello", calls), **ending}).encode())
        lines = [{**head, **part("w%d" % n), "done": False} for n in range(20)]
        if calls:
            lines.append({**head, **part("", calls), "done": False})
        lines.append({**head, **part(""), **ending})
        self.answer(b"".join([json.dumps(line).encode() + b"\n" for line in lines]), "application/x-ndjson", stream=True)


ROUTES = (
    (r"/deployments/([^/]+)/chat/completions$", Handler.chat),
    (r"/deployments/([^/]+)/embeddings$", Handler.embeddings),
    (r"/chat/completions$", Handler.chat),
    (r"/responses$", Handler.respond),
    (r"/embeddings$", Handler.embeddings),
    (r"/images/generations$", Handler.images),
    (r"/audio/transcriptions$", Handler.transcribe),
    (r"/v1/messages$", Handler.messages),
    (r"/models/([^/:]+):(\w+)$", Handler.google),
    (r"/model/([^/]+)/([\w-]+)$", Handler.bedrock),
    (r"/v2/(chat|embed)$", Handler.cohere),
    (r"/api/(chat|generate|embed)$", Handler.ollama),
)


if __name__ == "__main__":
    http.server.ThreadingHTTPServer.request_queue_size = 64
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)
    threading.Thread(target=lambda: (sys.stdin.read(), server.shutdown()), daemon=True).start()
    server.serve_forever()
