import asyncio


def write(number):
    with open("a%d.txt" % number, "w") as file:
        file.write(str(number))
    return number


async def main():
    loop = asyncio.get_running_loop()
    print(await asyncio.gather(*[loop.run_in_executor(None, write, number) for number in range(20)]))


asyncio.run(main())
