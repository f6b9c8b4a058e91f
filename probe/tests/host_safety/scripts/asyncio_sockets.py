import asyncio
async def serve(r, w):
    w.write((await r.readline()).upper()); await w.drain(); w.close()
async def main():
    s = await asyncio.start_server(serve, '127.0.0.1', 0)
    port = s.sockets[0].getsockname()[1]
    r, w = await asyncio.open_connection('127.0.0.1', port)
    w.write(b'hello\n'); print(await r.readline()); w.close()
    s.close(); await s.wait_closed()
    try: await asyncio.open_connection('127.0.0.1', 1)
    except OSError as e: print(type(e).__name__)
asyncio.run(main())
