#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Shows that tools/layercheck finds what it must find, and leaves sound code alone."""
import os
import subprocess
import sys
import tempfile

TOOL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "layercheck")
LICENCE = "/* SPDX-License-Identifier: EUPL-1.2 */\n"
LAYERS = "base:\nstore: base\nfeature/a: base\nfeature/b: base feature/a\nmain: base store feature/a feature/b\n"

SOUND = {
    "src/base/x.h": LICENCE + "struct y;\nstruct x {\n    int n;\n};\nextern const int limit;\nint x_of(const struct x *x);\n",
    "src/base/x.c": LICENCE + '#include "x.h"\n#include <string.h>\n/* strcpy( in a comment, "<div>" too */\n'
                    'static const char *const names[] = {"a < b", "free(x)"};\nstatic const struct {\n    int a;\n} t[] = {{1}};\n'
                    "/* Declared cache: the level. */\nstatic int level;\nconst int limit = 3;\n"
                    "static int helper(void)\n{\n    static const int two = 2;\n    int local = two;\n    return local;\n}\n"
                    "int x_of(const struct x *x)\n{\n    return x->n + level + helper() + (int)strlen(names[0]) + t[0].a;\n}\n",
    "src/feature/a/a.h": LICENCE + "int a(void);\n",
    "src/feature/a/a_store.h": LICENCE + "int a_store(void);\n",
    "src/feature/b/b_pages.c": LICENCE + '#include "base/x.h"\n#include "feature/a/a.h"\n',
    "src/main/m.c": LICENCE + '#include "store/s.h"\n#include "feature/b/b.h"\nstatic int state;\n',
    "src/store/s.h": LICENCE, "src/feature/b/b.h": LICENCE,
}
# what is added to the sound tree, and a word of the complaint
BAD = [
    ({"src/base/bad.c": LICENCE + '#include "store/s.h"\n'}, "base may not use store"),
    ({"src/store/bad.c": LICENCE + '#include "feature/a/a.h"\n'}, "store may not use feature/a"),
    ({"src/feature/a/bad.c": LICENCE + '#include "feature/b/b.h"\n'}, "feature/a may not use feature/b"),
    ({"src/feature/b/bad.c": LICENCE + '#include "feature/a/a_store.h"\n'}, "only a.h of that feature"),
    ({"src/base/bad.c": LICENCE + '#include "nowhere/s.h"\n'}, "no such room"),
    ({"src/other/o.c": LICENCE}, "not listed"),
    ({"src/store/x.c": LICENCE}, "exists already"),
    ({"src/base/bad.c": "int bad;\n"}, "no licence"),
    ({"tests/unit/bad.c": "int bad;\n"}, "no licence"),
    ({"src/base/bad.c": LICENCE + "void f(char *p)\n{\n    strcpy(p, p);\n}\n"}, "strcpy()"),
    ({"src/main/bad.c": LICENCE + "void f(void)\n{\n    system(0);\n}\n"}, "system()"),
    ({"src/base/bad.c": LICENCE + "void f(char *p)\n{\n    int n = sprintf(p, p);\n}\n"}, "sprintf()"),
    ({"src/feature/a/a_pages.c": LICENCE + "void f(void *p)\n{\n    free(p);\n}\n"}, "lives in the arena"),
    ({"src/base/bad.c": LICENCE + 'const char *const s = "<div class=x>";\n'}, "HTML"),
    ({"src/feature/a/bad.c": LICENCE + 'void f(void)\n{\n    put("</a>");\n}\n'}, "HTML"),
    ({"src/base/bad.c": LICENCE + "static int count;\n"}, "writable state"),
    ({"src/base/bad.c": LICENCE + "int count = 3;\n"}, "writable state"),
    ({"src/base/bad.c": LICENCE + "static const char *name = 0;\n"}, "writable state"),
    ({"src/base/bad.c": LICENCE + "static struct {\n    int a;\n} table[4];\n"}, "writable state"),
    ({"src/base/bad.c": LICENCE + "int f(void)\n{\n    static int n;\n    return n++;\n}\n"}, "writable state"),
    ({"tools/layers.txt": "base: store\nstore: base\n"}, "does not stand above"),
]


def run(files):
    with tempfile.TemporaryDirectory() as root:
        for path, text in {"tools/layers.txt": LAYERS, **SOUND, **files}.items():
            os.makedirs(os.path.join(root, os.path.dirname(path)), exist_ok=True)
            with open(os.path.join(root, path), "w", encoding="utf-8") as f:
                f.write(text)
        done = subprocess.run([sys.executable, TOOL, root], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr


failed = 0
status, said = run({})
if status or said:
    print("sound code is refused:\n" + said)
    failed += 1
for added, word in BAD:
    status, said = run(added)
    if status != 1 or word not in said:
        print("not found: %s in %s\n%s" % (word, list(added), said))
        failed += 1
print("%d of %d" % (len(BAD) + 1 - failed, len(BAD) + 1))
sys.exit(1 if failed else 0)
