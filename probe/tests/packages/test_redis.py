"""redis-py, synchronous and asyncio, against a real Redis."""

import unittest

from .. import services
from .databases import DatabaseTest

SCRIPT = """
import os, redis, warnings
warnings.simplefilter("ignore")
E = os.environ
D = dict(host=E["DB_HOST"], port=int(E["DB_PORT"]))
r = redis.Redis(username=E["DB_USER"], password=E["DB_PASSWORD"], db=3, **D)
r.flushdb()
for i in range(10): r.set("hunter2-%d" % i, "hunter2")
print(r.get("hunter2-1"), r.mget(["hunter2-1", "hunter2-2", "none"]), r.delete("hunter2-1", "hunter2-2"))
r.hset("h", mapping={"a": 1, "b": 2}); print(r.hgetall("h"), sorted(r.keys("*"))[:2], r.dbsize())
with r.pipeline() as p:
    p.set("x", 1).incr("x").get("x").mset({"y": 1, "z": 2}); print(p.execute())
with r.pipeline(transaction=False) as p:
    p.lpush("h", 1); p.get("x")
    print([type(reply).__name__ for reply in p.execute(raise_on_error=False)])
try: r.lpush("h", 1)
except redis.ResponseError as error: print(type(error).__name__)
with r.pipeline() as p:
    p.watch("x"); print(p.get("x")); p.multi(); p.incr("x"); print(p.execute())
print(r.eval("return #KEYS", 2, "x", "y"), r.config_get("maxmemory"))
s = r.pubsub(); s.subscribe("hunter2"); s.get_message(timeout=1); r.publish("hunter2", "hunter2"); s.close()
print(type(r), redis.Redis.execute_command.__name__)
try: redis.Redis(port=1).ping()
except redis.ConnectionError as error: print(type(error).__name__)
r.flushdb()
r.execute_command("NONSENSE", "hunter2")
"""
ASYNC = """
import asyncio, os
import redis.asyncio as redis
E = os.environ
async def main():
    r = redis.Redis(host=E["DB_HOST"], port=int(E["DB_PORT"]))
    await r.set("a", "hunter2"); print(await r.get("a"))
    async with r.pipeline() as p: print(await p.set("b", 1).get("b").execute())
    try: await r.incr("a")
    except Exception as error: print(type(error).__name__)
    await r.delete("a", "b")
    await (r.aclose() if hasattr(r, "aclose") else r.close())
asyncio.run(main())
"""


class RedisTest(DatabaseTest):
    SERVICE = (services.redis,)
    NEWEST = ("redis==8.1.0",)
    OLDEST = ("redis==4.2.0",)

    def test_commands_keys_and_errors(self):
        for python in self.each():
            run = self.watch(python, SCRIPT, 1)
            seen = {r["db.operation.name"]: (r.count, r.rows, r.errors) for r in run.of("db.query") if r["db.namespace"] == "3"}
            wanted = {
                "SET": (11, 11, 0),
                "GET": (4, 4, 0),
                "MGET": (1, 3, 0),
                "MSET": (1, 2, 0),
                "DEL": (1, 2, 0),
                "INCRBY": (2, 2, 0),
                "LPUSH": (2, 0, 2),
                "HGETALL": (1, 1, 0),
                "KEYS": (1, 0, 0),
                "WATCH": (1, 1, 0),
                "EVAL": (1, 2, 0),
                "FLUSHDB": (2, 0, 0),
                "PUBLISH": (1, 0, 0),
                "SUBSCRIBE": (1, 0, 0),
                "NONSENSE": (1, 0, 1),
            }
            self.assertEqual({name: seen.get(name) for name in wanted}, wanted)
            self.assertIn("CONFIG GET", seen)
            place = ("redis", self.service.host, str(self.service.port), "3", "clerk")
            self.assertEqual({self.place(r) for r in run.of("db.query") if r["db.namespace"] == "3"}, {place})
            self.assertIn(place, {self.place(r) for r in run.of("db.connect")})
            self.assertEqual([r["error.type"] for r in run.of("db.connect") if r.errors][:1], ["ConnectionRefusedError"])

    def test_asyncio(self):
        for python in self.each():
            run = self.watch(python, ASYNC)
            seen = {r["db.operation.name"]: (r.count, r.rows, r.errors) for r in run.of("db.query")}
            self.assertEqual({name: seen[name] for name in ("SET", "GET", "INCRBY", "DEL")}, {"SET": (2, 2, 0), "GET": (2, 2, 0), "INCRBY": (1, 0, 1), "DEL": (1, 2, 0)})


if __name__ == "__main__":
    unittest.main()
