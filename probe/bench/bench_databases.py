"""What the probe adds to database work, against real servers on loopback: ratios of the fastest of interleaved runs.

Each round is three processes that do the same, bare, bare again and probed, in random order; what is compared is the time of the loop alone, the
fastest of all rounds, since other work on the machine only ever adds.
Says so and leaves out what is not installed. Run: `python bench/bench_databases.py [pairs]` in the probe's folder.
"""

import os
import random
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

from tests import services  # noqa: E402
from tests.environments import environment  # noqa: E402
from tests.support import INJECT  # noqa: E402

CLOCK = """
import os, sys, time
E = os.environ
def measure(work, number):
    work(); best = []
    for _ in range(5):
        started = time.perf_counter()
        for _ in range(number): work()
        best.append((time.perf_counter() - started) / number)
    print(min(best) * 1e6)
"""
POSTGRES = """
import {module} as driver
c = driver.connect(host=E["DB_HOST"], port=int(E["DB_PORT"]), user=E["DB_USER"], password=E["DB_PASSWORD"], {database}=E["DB_NAME"])
cur = c.cursor()
cur.execute("create temporary table t(a int, b varchar(20))")
cur.execute("insert into t values(1, 'x')")
"""
SELECT = """
def work():
    cur.execute("select a, b from t where a = %s", (1,)); cur.fetchall()
measure(work, 400)
"""
MANY = """
rows = [(i, "x") for i in range(2000)]
def work():
    cur.executemany("insert into t values(%s, %s)", rows); cur.execute("delete from t")
measure(work, 1)
"""
REDIS = """
import redis
r = redis.Redis(host=E["DB_HOST"], port=int(E["DB_PORT"]))
def work(): r.set("a", 1)
measure(work, 1000)
"""
PIPELINE = """
import redis
r = redis.Redis(host=E["DB_HOST"], port=int(E["DB_PORT"]))
def work():
    p = r.pipeline(transaction=False)
    for i in range(100): p.set("key", i)
    p.execute()
measure(work, 20)
"""
#: Title, server, requirements, script, the ratio that must hold.
CASES = (
    ("psycopg2 execute + fetchall", services.postgres, ("psycopg2-binary==2.9.13", "SQLAlchemy==2.1.9", "pandas==3.1.1"), POSTGRES.format(module="psycopg2", database="dbname") + SELECT, 1.04),
    ("psycopg2 executemany 2,000 rows", services.postgres, ("psycopg2-binary==2.9.13", "SQLAlchemy==2.1.9", "pandas==3.1.1"), POSTGRES.format(module="psycopg2", database="dbname") + MANY, 1.02),
    ("psycopg 3 execute + fetchall", services.postgres, ("psycopg[binary]==3.3.9",), POSTGRES.format(module="psycopg", database="dbname") + SELECT, 1.04),
    ("psycopg 3 executemany 2,000 rows", services.postgres, ("psycopg[binary]==3.3.9",), POSTGRES.format(module="psycopg", database="dbname") + MANY, 1.02),
    ("PyMySQL execute + fetchall", services.mariadb, ("PyMySQL==1.2.4",), POSTGRES.format(module="pymysql", database="database") + SELECT, 1.04),
    ("PyMySQL executemany 2,000 rows", services.mariadb, ("PyMySQL==1.2.4",), POSTGRES.format(module="pymysql", database="database") + MANY, 1.02),
    ("redis-py set", services.redis, ("redis==8.1.0",), REDIS, 1.06),
    ("redis-py pipeline of 100", services.redis, ("redis==8.1.0",), PIPELINE, 1.06),
)


def main(pairs):
    """Prints a line a case; gives the exit code."""
    missed = 0
    print("%-34s %9s %9s %7s %7s %7s" % ("case (loopback)", "bare us", "probe us", "ratio", "A/A", "target"))
    for title, make, requirements, text, target in CASES:
        try:
            service = services.shared(make)
            python = environment(*requirements)
        except (unittest.SkipTest, RuntimeError) as reason:
            print("%-34s left out: %s" % (title, str(reason).splitlines()[0]))
            continue
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "case.py")
            with open(path, "w", encoding="utf-8") as file:
                file.write(CLOCK + text)
            facts = {"DB_HOST": service.host, "DB_PORT": str(service.port), "DB_USER": service.user or "", "DB_PASSWORD": service.password, "DB_NAME": service.database}
            times = {"bare": [], "again": [], "probe": []}
            for _ in range(pairs):
                order = list(times)
                random.shuffle(order)
                for kind in order:
                    env = {"PATH": os.environ["PATH"], **facts}
                    if kind == "probe":
                        env.update(PYTHONPATH=INJECT, SENTINEL_SPOOL=folder)
                    times[kind].append(float(subprocess.run([python, path], env=env, stdout=subprocess.PIPE, check=True).stdout))
        ratio, noise = [min(times[kind]) / min(times["bare"]) for kind in ("probe", "again")]
        missed += ratio > target
        values = (title, min(times["bare"]), min(times["probe"]), ratio, noise, target)
        print("%-34s %9.1f %9.1f %7.3f %7.3f %7.2f%s" % (*values, "" if ratio <= target else "  MISSED"))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 9))
