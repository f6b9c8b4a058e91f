import asyncio


async def main():
    process = await asyncio.create_subprocess_exec("echo", "exec", stdout=asyncio.subprocess.PIPE)
    print((await process.communicate())[0])
    process = await asyncio.create_subprocess_shell("echo shell", stdout=asyncio.subprocess.PIPE)
    print((await process.communicate())[0])


asyncio.run(main())
