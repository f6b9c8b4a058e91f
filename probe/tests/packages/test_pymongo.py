"""PyMongo and Motor against mongo-java-server and against a smaller stand-in for the wire protocol (no MongoDB itself can be had here)."""

import os
import unittest

from .. import services
from .databases import DatabaseTest


class PymongoTest(DatabaseTest):
    NEWEST = ("pymongo==4.20.0",)
    OLDEST = ("pymongo==3.11.4",)

    def facts(self):
        return {"DB_PORT": str(self.server.port)}

    def test_commands_documents_and_errors(self):
        for python in self.each():
            self.server = services.Service("mongo", None, "shop")
            self.server.owner = None
            self.server.start([python, os.path.join(os.path.dirname(os.path.abspath(__file__)), "mongo_server.py"), str(self.server.port)], services.accepts)
            self.addCleanup(self.server.stop)
            run = self.watch(
                python,
                """
import os, pymongo
client = pymongo.MongoClient("127.0.0.1", int(os.environ["DB_PORT"]), serverSelectionTimeoutMS=5000)
people = client.shop.people
people.drop()
print(people.insert_many([{"name": "hunter2", "age": i} for i in range(10)]).acknowledged)
for i in range(3): people.insert_one({"name": "hunter2", "other": i})
print(len(list(people.find({"name": "hunter2"}))), len(list(people.find(batch_size=4))))
print(people.update_many({"name": "hunter2"}, {"$set": {"age": 1}}).modified_count, people.delete_many({"name": "hunter2"}).deleted_count)
try: client.shop.command("nonsense", "hunter2")
except pymongo.errors.OperationFailure as error: print(type(error).__name__, error.code)
print(client.admin.command("ping")["ok"], type(client))
client.close()
""",
            )
            rows = [(r["db.operation.name"], r.get("db.collection.name"), r.count, r.rows, r.errors) for r in run.of("db.query") if r["db.namespace"] == "shop"]
            self.assertEqual(
                sorted(rows, key=str),
                [
                    ("delete", "people", 1, 3, 0),
                    ("drop", "people", 1, 0, 0),
                    ("find", "people", 2, 17, 0),
                    ("getMore", "people", 1, 9, 0),
                    ("insert", "people", 4, 13, 0),
                    ("nonsense", None, 1, 0, 1),
                    ("update", "people", 1, 3, 0),
                ],
            )
            self.assertEqual({self.place(r)[:3] for r in run.of("db.query")}, {("mongodb", "127.0.0.1", str(self.server.port))})
            self.assertGreaterEqual(sum(r.count for r in run.of("db.connect")), 1)


SCRIPT = """
import os, pymongo
client = pymongo.MongoClient(os.environ["DB_HOST"], int(os.environ["DB_PORT"]), serverSelectionTimeoutMS=20000)
people = client.shop.people
people.drop()
print(len(people.insert_many([{"_id": i, "name": "hunter2", "age": i} for i in range(30)]).inserted_ids), people.insert_one({"_id": 99, "name": "x"}).acknowledged)
print(len(list(people.find({"name": "hunter2"}))), len(list(people.find({}, batch_size=10))), people.count_documents({"name": "hunter2"}))
print(people.update_many({"age": {"$lt": 5}}, {"$set": {"age": 50}}).modified_count, people.delete_many({"age": 50}).deleted_count)
print(sorted(each["_id"] for each in people.aggregate([{"$match": {"name": "hunter2"}}, {"$limit": 3}])), people.distinct("name") and True)
try: people.insert_one({"_id": 99})
except pymongo.errors.DuplicateKeyError as error: print(type(error).__name__, error.code)
try: client.shop.command("nonsense", "hunter2")
except pymongo.errors.OperationFailure as error: print(type(error).__name__)
print(people.find_one_and_update({"_id": 10}, {"$set": {"name": "y"}})["_id"], people.find_one({"_id": 11})["age"])
client.close()
"""
MOTOR = """
import asyncio, os
from motor.motor_asyncio import AsyncIOMotorClient
async def main():
    client = AsyncIOMotorClient(os.environ["DB_HOST"], int(os.environ["DB_PORT"]), serverSelectionTimeoutMS=20000)
    guests = client.shop.guests
    await guests.drop(); await guests.insert_many([{"name": "hunter2", "age": i} for i in range(12)])
    print(len(await guests.find({"name": "hunter2"}).to_list(None)), (await guests.delete_many({"age": 3})).deleted_count)
    try: await client.shop.command("nonsense")
    except Exception as error: print(type(error).__name__)
    client.close()
asyncio.run(main())
"""


class MongoServerTest(DatabaseTest):
    SERVICE = (services.mongodb,)
    NEWEST = ("pymongo==4.17.0",)  # 4.18 and up refuse what this server says of its wire
    OLDEST = ("pymongo==3.11.4",)

    def rows(self, run):
        rows = [(r["db.operation.name"], r.get("db.collection.name"), r.count, r.rows, r.errors) for r in run.of("db.query") if r["db.namespace"] == "shop"]
        self.assertEqual({self.place(r)[:3] for r in run.of("db.query")}, {("mongodb", self.service.host, str(self.service.port))})
        return sorted(rows, key=str)

    def test_commands_documents_and_errors(self):
        for python in self.each():
            self.assertEqual(
                self.rows(self.watch(python, SCRIPT)),
                [
                    ("aggregate", "people", 2, 4, 0),
                    ("delete", "people", 1, 5, 0),
                    ("distinct", "people", 1, 2, 0),
                    ("drop", "people", 1, 0, 0),
                    ("find", "people", 3, 41, 0),
                    ("findAndModify", "people", 1, 1, 0),
                    ("getMore", "people", 3, 21, 0),
                    ("insert", "people", 3, 32, 1),  # this server counts the document that it refuses
                    ("nonsense", None, 1, 0, 1),
                    ("update", "people", 1, 5, 0),
                ],
            )


class MotorTest(MongoServerTest):
    NEWEST = ("motor==3.7.1", "pymongo==4.17.0")
    OLDEST = ()

    def test_commands_documents_and_errors(self):
        for python in self.each():
            self.assertEqual(
                self.rows(self.watch(python, MOTOR)),
                [
                    ("delete", "guests", 1, 1, 0),
                    ("drop", "guests", 1, 0, 0),
                    ("find", "guests", 1, 12, 0),
                    ("insert", "guests", 1, 12, 0),
                    ("nonsense", None, 1, 0, 1),
                ],
            )


if __name__ == "__main__":
    unittest.main()
