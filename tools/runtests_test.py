#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Does tools/runtests count what programs say? Prints one line a case; ends with 1 when one is wrong."""
import importlib.machinery
import importlib.util
import os
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
loader = importlib.machinery.SourceFileLoader("runtests", os.path.join(HERE, "runtests"))
sys.dont_write_bytecode = True
r = importlib.util.module_from_spec(importlib.util.spec_from_loader("runtests", loader))
loader.exec_module(r)

CMOCKA = """1..4
ok 1 - opens
not ok 2 - closes
# file.c:7: error: Failure!
not ok 3 # SKIP later
words of the program: ok 9 - not a test
ok 4 - with "# skipping" in its name
# not ok - group
1..1
ok 1 - second group
"""
# The file and its suites are lines, too; in newer releases the file is not.
NODE_OLD = """TAP version 13
# Subtest: /r/tests/a.test.mjs
    # Subtest: reads
    ok 1 - reads
      ---
      duration_ms: 1500.5
      ...
    # Subtest: suite
        # Subtest: inner
        not ok 1 - inner
          ---
          duration_ms: 3
          ...
        # Subtest: other
        ok 2 - other # SKIP no server
        1..2
    not ok 2 - suite
    1..2
not ok 1 - /r/tests/a.test.mjs
1..1
"""
NODE_NEW = """TAP version 13
# Subtest: reads
ok 1 - reads
# Subtest: suite
    # Subtest: inner
    ok 1 - inner
    # Subtest: steps
        # Subtest: one
        ok 1 - one
        1..1
    ok 2 - steps
    1..2
ok 2 - suite
# Subtest: someday
not ok 3 - someday # TODO not yet
1..3
# fail 0
"""
NODE_HOOK = """TAP version 13
# Subtest: suite
    # Subtest: inner
    ok 1 - inner
    1..1
not ok 1 - suite
1..1
"""
NODE_BROKEN = """TAP version 13
# Subtest: /r/tests/a.test.mjs
not ok 1 - /r/tests/a.test.mjs
1..1
"""
NODE_EMPTY = NODE_BROKEN.replace("not ok", "ok")
HANGS = "import test from 'node:test';\ntest('quick', () => {});\ntest('hangs', () => new Promise(() => setInterval(() => {}, 9)));\n"


def counts(found):
    return tuple(sum(x.state == s for x in found) for s in ("passed", "failed", "skipped"))


def cmocka(output, ended_well):
    found, announced = r.read_flat_tap("p", output)
    return counts(r.judge("p", found, announced, ended_well, "how", 1))


def node(output):
    return counts(r.read_node_tap("tests/a.test.mjs", output))


def python(output, ended_well=True):
    return counts(r.judge("p", r.read_unittest("p", output), 0, ended_well, "how", 1))


def hanging():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "hang.test.mjs")
        with open(path, "w", encoding="utf-8") as f:
            f.write(HANGS)
        r.LOGS, r.FILE_TIMEOUT = folder, 3
        began = time.monotonic()
        found = r.run_node(path)[1]
        return counts(found)[1] >= 1 and time.monotonic() - began < 60


CASES = [
    ("cmocka: passed, failed, skipped, two groups", cmocka(CMOCKA, False), (3, 1, 1)),
    ("cmocka: fewer than announced", cmocka("1..3\nok 1 - a\n", True), (1, 1, 0)),
    ("cmocka: none of the announced", cmocka("1..3\n", True), (0, 1, 0)),
    ("cmocka: a bad end after good tests", cmocka("1..1\nok 1 - a\n", False), (1, 1, 0)),
    ("no lines: one test", cmocka("3 files\n", True), (1, 0, 0)),
    ("no lines, bad end: one failure", cmocka("", False), (0, 1, 0)),
    ("node with the file as a line", node(NODE_OLD), (1, 1, 1)),
    ("node without it, nested steps", node(NODE_NEW), (4, 0, 0)),
    ("node: a hook failed", node(NODE_HOOK), (1, 1, 0)),
    ("node: the file does not load", node(NODE_BROKEN), (0, 1, 0)),
    ("node: no test in it", node(NODE_EMPTY), (0, 0, 0)),
    ("node: the time of a test", r.read_node_tap("tests/a.test.mjs", NODE_OLD)[0].seconds, 1.5005),
    ("node: a title without its mark", r.read_node_tap("tests/a.test.mjs", NODE_OLD)[2].name, "tests/a.test.mjs: suite > other"),
    ("cmocka: the name of a skipped test", r.read_flat_tap("p", CMOCKA)[0][2].name, "p: later"),
    ("unittest", python("Ran 7 tests in 0.1s\n\nFAILED (failures=1, errors=1, skipped=2)\n", False), (3, 2, 2)),
    ("unittest: all well", python("Ran 7 tests in 0.1s\n\nOK\n"), (7, 0, 0)),
    ("a hanging file is killed and failed", hanging(), True),
]
wrong = [(name, got, want) for name, got, want in CASES if got != want]
for name, got, want in wrong:
    print(f"{name}: {got}, not {want}")
print(f"{len(CASES) - len(wrong)} of {len(CASES)}")
sys.exit(1 if wrong else 0)
