"""What every sensor owes, and that the probe emits only names of the dictionary."""

import ast
import importlib
import os
import re
import subprocess
import sys
import unittest

from .support import PACKAGE

from sentinel_probe import boot, quarantine
from sentinel_probe._generated import protocol

SENSORS = sorted(name for name in os.listdir(os.path.join(PACKAGE, "sensors")) if os.path.isfile(os.path.join(PACKAGE, "sensors", name, "__init__.py")))


def literals():
    """Every text of the probe's sources that is not a docstring: (file, text)."""
    for folder, _, names in os.walk(PACKAGE):
        if "_generated" in folder:
            continue
        for name in names:
            if name.endswith(".py"):
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    tree = ast.parse(file.read())
                docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
                for node in ast.walk(tree):
                    if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
                        yield name, node.value


class ContractTest(unittest.TestCase):
    def sensors(self):
        boot._home = PACKAGE
        self.assertGreaterEqual(len(SENSORS), 7)
        for name in SENSORS:
            yield name, importlib.import_module("sentinel_probe.sensors." + name) if name != "ssl" else None

    def test_every_sensor_says_what_it_watches(self):
        for name in SENSORS:
            with self.subTest(name), open(os.path.join(PACKAGE, "sensors", name, "__init__.py"), encoding="utf-8") as file:
                tree = ast.parse(file.read())
                text = ast.get_docstring(tree)
                for heading in ("Watches:", "Emits:", "Leaves alone and why:", "Versions:", "Source:"):
                    self.assertIn(heading, text)
                names = {target.id for node in tree.body if isinstance(node, ast.Assign) for target in node.targets if isinstance(target, ast.Name)}
                names |= {node.target.id for node in tree.body if isinstance(node, ast.AnnAssign)}
                functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
                self.assertLessEqual({"VERSIONS", "EMITS"}, names)
                self.assertTrue("AUDIT" in names or "instrument" in functions)
                self.assertEqual("instrument" in functions, "uninstrument" in functions)

    def test_the_start_table_is_what_the_sensors_handle(self):
        handled = {}
        for name, module in self.sensors():
            for event in getattr(module, "AUDIT", {}):
                handled[event] = "sensors." + name
        self.assertEqual({**handled, "builtins.id": "doors", "sys.addaudithook": "onlooker"}, boot.SENSORS)

    def test_the_table_of_patched_modules_is_what_the_sensors_patch(self):
        patched = {}
        for folder in SENSORS:
            with open(os.path.join(PACKAGE, "sensors", folder, "__init__.py"), encoding="utf-8") as file:
                for node in ast.parse(file.read()).body:
                    if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", None) == "PATCHES":
                        patched.update(dict.fromkeys(ast.literal_eval(node.value), folder))
        self.sensors()
        self.assertEqual(patched, importlib.import_module("sentinel_probe.sensors.importlib").PATCHED)

    def test_sensors_emit_only_known_types(self):
        for name, module in self.sensors():
            if module is not None:
                self.assertLessEqual(set(module.EMITS), set(protocol.ACTIVITY_TYPES), name)

    def test_every_attribute_and_type_is_in_the_dictionary(self):
        name = re.compile(r"(?:sentinel|file|server|network|http|url|process|db|error|code|cloud)\.[a-z0-9_]+(?:\.[a-z0-9_]+)*")
        events = set(boot.SENSORS) | {boot.FIND, "sentinel.relay", quarantine.POLICY}
        known = set(protocol.ATTRIBUTES) | set(protocol.ACTIVITY_TYPES)
        seen = set()
        for file, text in literals():
            if name.fullmatch(text) and text not in events and not text.endswith(".py"):
                self.assertIn(text, known, file)
                seen.add(text)
        self.assertGreater(len(seen), 40)

    def test_placeholders_carry_what_a_type_requires(self):
        from sentinel_probe import core

        self.assertEqual(set(core.OTHERS), set(protocol.ACTIVITY_TYPES))
        for type_, names in core.OTHERS.items():
            self.assertLessEqual(set(protocol.ACTIVITY_TYPES[type_][0]), set(names), type_)

    def test_only_the_standard_library_is_imported_and_nothing_at_start(self):
        allowed = set(getattr(sys, "stdlib_module_names", ()))  # 3.10 and up
        for folder, _, names in os.walk(PACKAGE):
            for file in names:
                if file.endswith(".py"):
                    with open(os.path.join(folder, file), encoding="utf-8") as source:
                        for node in ast.walk(ast.parse(source.read())):
                            modules = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module] if isinstance(node, ast.ImportFrom) and not node.level else []
                            for module in modules:
                                if allowed:
                                    self.assertIn(module.partition(".")[0], allowed | {"imp", "sentinel_probe", "_sha2", "_sha256"}, file)
        list_modules = "import sys; print(sorted(sys.modules))"
        environment = {"PYTHONPATH": os.path.join(PACKAGE, "_inject"), "SENTINEL_SPOOL": "/nonexistent"}
        outputs = [
            set(ast.literal_eval(subprocess.run([sys.executable, "-c", list_modules], env=env, stdout=subprocess.PIPE, check=True).stdout.decode()))
            for env in ({}, environment)
        ]
        self.assertLessEqual(outputs[1] - outputs[0], {"atexit"})

    def test_the_version_is_the_protocols(self):
        self.assertEqual(boot.VERSION, protocol.VERSION)


class ShapeTest(unittest.TestCase):
    def test_argument_kinds(self):
        from sentinel_probe.redact import argument_shape

        self.assertEqual(argument_shape(["-v", "--x=y", "-5", "1.5", "a/b", "file.csv", "https://x/y?z", "hello", "a b.c", b"raw", "me@x.org"]), "flag flag number number path path url text text text text")
        self.assertEqual(argument_shape(["x"] * 100).split().count("text"), 40)

    def test_url_templates(self):
        from sentinel_probe.redact import url_template

        cases = {
            "/v1/users/4711/a81bc81b-dead-4e5d-abff-90865d1e13b1?x=secret": "/v1/users/{n}/{id}",
            "/v1/chat/completions": "/v1/chat/completions",
            "http://u:p@host/a/b?c#d": "/a/b",
            "/files/5f3a9c2e7b1d4f60": "/files/{id}",
            "/bot123456:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/send": "/{id}/send",
            "/mail/jo@example.org": "/mail/{id}",
            "/services/T000/abcdefghIJKLMNOPqrstuvwx": "/services/{id}/{name}",
            "/users/anna/orders/2026-11-20": "/users/{name}/orders/2026-11-20",
            "/kunden/meyer/rechnungen/scan_anna.pdf": "/kunden/{name}/rechnungen/{name}.pdf",
            "/v1beta/models/gemini-2.5-pro:streamGenerateContent": "/v1beta/models/{id}:streamGenerateContent",
            "/openai/deployments/gpt-4o/chat/completions": "/openai/deployments/{id}/chat/completions",
            "/inventory.v1.Stock/FindItem": "/inventory.v1.Stock/FindItem",
            "/api/v2/batchUpdate/knowledge-bases": "/api/v2/batchUpdate/knowledge-bases",
            "*": "*",
            "/": "/",
        }
        self.assertEqual({given: url_template(given) for given in cases}, cases)

    def test_statements(self):
        from sentinel_probe.sql import summarise

        cases = {
            "select * from t where a = 'x''y' and b in (1, 2, 3) -- secret": ("SELECT", "t", "select * from t where a = ? and b in (?)"),
            "INSERT INTO main.t (a, b) VALUES (1, 'x'), (2, 'y')": ("INSERT", "main.t", "INSERT INTO main.t (a, b) VALUES (?)"),
            "with r as (select 1 from s) select * from r join u on r.id = u.id": ("SELECT", "s,u", None),
            "update \"my_table\" set x = x'ff' where y = :name": ("UPDATE", "my_table", "update my_table set x = ? where y = ?"),
            "create table if not exists t (a text default 'secret')": ("DDL", "t", "create table if not exists t (a text default ?)"),
            "delete from a where b = \"some secret text\"": ("DELETE", "a", "delete from a where b = ?"),
            "select a from t where name = \"Smith\" and pin in (\"hunter2\")": ("SELECT", "t", "select a from t where name = ? and pin in (?)"),
            "select a from t, u where /* secret */ 1.5e-3 < b;": ("SELECT", "t,u", "select a from t, u where ? < b"),
            "": ("OTHER", "", ""),
            "BEGIN": ("BEGIN", "", "BEGIN"),
            "pragma table_info('x')": ("PRAGMA", "", "pragma table_info (?)"),
        }
        for given, (operation, tables, summary) in cases.items():
            with self.subTest(given):
                found = summarise(given)
                self.assertEqual(found[:2], (operation, tables))
                if summary is not None:
                    self.assertEqual(found[2], summary)
                self.assertNotIn("secret", found[2])


