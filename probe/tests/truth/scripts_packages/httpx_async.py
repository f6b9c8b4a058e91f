import asyncio
import http.server
import threading

import httpx


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"x" * 3000)

    def log_message(self, *args):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()


async def main():
    async with httpx.AsyncClient() as client:
        answers = await asyncio.gather(*[client.get("http://127.0.0.1:%d/" % server.server_port) for number in range(3)])
        print([len(answer.content) for answer in answers])


asyncio.run(main())
print(httpx.get("http://127.0.0.1:%d/" % server.server_port).status_code)
