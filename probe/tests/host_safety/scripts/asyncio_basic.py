import asyncio
async def child(n):
    await asyncio.sleep(0.001 * n)
    if n == 2: raise RuntimeError('two')
    return n
async def main():
    print(await asyncio.gather(*[child(n) for n in range(4)], return_exceptions=True))
    t = asyncio.ensure_future(asyncio.sleep(10)); await asyncio.sleep(0); t.cancel()
    try: await t
    except asyncio.CancelledError: print('cancelled')
    await child(2)
asyncio.run(main())
