#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Verifies the audit log of a Passerelle SQLite database without any code of Passerelle (src/core/README.md says how a
chain is made). Only the standard library.

  audit_verify.py DATABASE [--key installation.key] [--heads audit.heads]

Without the key the chains are recomputed and compared with their heads and with the heads noted in the file. With the key
the MACs of the heads are checked too: only they show a chain that was recomputed by somebody who can write the database.
Prints one line a finding, "lane seq kind", then a summary. Exit code 0: nothing found, 1: something found, 2: cannot tell.
"""
import argparse
import hashlib
import hmac
import sqlite3
import struct
import sys

ZERO = bytes(32)


def i64(v):
    return struct.pack(">q", v)


def text(s):
    b = s.encode()
    return i64(len(b)) + b


def row_hash(before, r):
    return hashlib.sha256(
        before + b"PWA1" + i64(r["id"]) + i64(r["lane"]) + i64(r["seq"]) + i64(r["at_ms"]) + i64(r["actor_kind"])
        + i64(r["actor_person"]) + i64(r["actor_account"]) + i64(r["request_id"]) + text(r["what"]) + text(r["object"])
        + i64(r["object_id"]) + text(r["detail"])).digest()


def mac_key(path):
    """The fourth subkey of the installation's key: libsodium's crypto_kdf, context "pw-vault"."""
    with open(path, encoding="ascii") as f:
        lines = f.read().split("\n")
    if lines[0] != "passerelle-key 1" or not lines[2].startswith("key "):
        sys.exit("not a key file")
    master = bytes.fromhex(lines[2][4:])
    return hashlib.blake2b(b"", digest_size=32, key=master, salt=struct.pack("<Q", 4) + bytes(8),
                           person=b"pw-vault" + bytes(8)).digest()


def head_mac(key, lane, seq, digest):
    purpose = b"audit-head"
    return hashlib.blake2b(bytes([len(purpose)]) + purpose + i64(lane) + i64(seq) + digest, digest_size=32, key=key).digest()


def walk(db):
    """(findings, rows, {lane: (seq, hash)})"""
    found, rows, ends, lane, seq, last_id, before = [], 0, {}, None, 0, 0, ZERO
    for r in db.execute("SELECT * FROM audit ORDER BY lane, seq, id"):
        if r["lane"] != lane:
            lane, seq, last_id, before = r["lane"], 0, 0, ZERO
        rows += 1
        gap = r["seq"] > seq + 1
        if r["seq"] <= seq:
            found.append((lane, r["seq"], "inserted"))
        elif gap:
            found.append((lane, seq + 1, "missing"))
        stored = r["hash"]
        if len(stored) != 32:
            found.append((lane, r["seq"], "edited"))
            stored = before
        elif not gap and r["seq"] > seq and row_hash(before, r) != stored:
            found.append((lane, r["seq"], "reordered" if r["id"] < last_id else "edited"))
        seq, last_id, before = max(seq, r["seq"]), r["id"], stored
        ends[lane] = (seq, before)
    return found, rows, ends


def heads(db, ends, key):
    found, seen = [], set()
    for r in db.execute("SELECT * FROM audit_head ORDER BY lane"):
        lane, seq = r["lane"], r["seq"]
        seen.add(lane)
        if key and not hmac.compare_digest(head_mac(key, lane, seq, r["hash"]), r["mac"]):
            found.append((lane, seq, "head-forged"))
        end = ends.get(lane, (0, None))
        if end[0] < seq:
            found.append((lane, end[0] + 1, "truncated"))
        elif end[0] > seq:
            found.append((lane, seq + 1, "inserted"))
        elif seq and end[1] != r["hash"]:
            found.append((lane, seq, "edited"))
    found += [(lane, end[0], "head-forged") for lane, end in ends.items() if lane not in seen]
    return found


def noted(db, path, key):
    found, n = [], 0
    with open(path, encoding="ascii", errors="replace") as f:
        for line in f:
            n += 1
            try:
                word, version, _at, lane, seq, digest, mac = line.rstrip("\n").split(" ")
                lane, seq, digest, mac = int(lane), int(seq), bytes.fromhex(digest), bytes.fromhex(mac)
                if word != "passerelle-audit-head" or version != "1" or len(digest) != 32 or len(mac) != 32:
                    raise ValueError
            except ValueError:
                found.append((-1, 0, "head-forged"))
                continue
            if key and not hmac.compare_digest(head_mac(key, lane, seq, digest), mac):
                found.append((lane, seq, "head-forged"))
                continue
            if seq == 0:
                continue
            r = db.execute("SELECT hash FROM audit WHERE lane = ? AND seq = ?", (lane, seq)).fetchone()
            if r is None:
                found.append((lane, seq, "truncated"))
            elif r["hash"] != digest:
                found.append((lane, seq, "edited"))
    return found, n


def main():
    p = argparse.ArgumentParser(description="independent verification of the audit log")
    p.add_argument("database")
    p.add_argument("--key", help="key file of the installation: checks the MACs too")
    p.add_argument("--heads", help="heads noted outside the database")
    a = p.parse_args()
    try:
        db = sqlite3.connect(f"file:{a.database}?mode=ro", uri=True)
        db.row_factory = sqlite3.Row
        key = mac_key(a.key) if a.key else None
        found, rows, ends = walk(db)
        found += heads(db, ends, key)
        n = 0
        if a.heads:
            more, n = noted(db, a.heads, key)
            found += more
    except (OSError, sqlite3.Error, IndexError, ValueError) as e:
        print(f"cannot verify: {e}", file=sys.stderr)
        return 2
    for lane, seq, kind in found:
        print(lane, seq, kind)
    print(f"{rows} rows, {len(ends)} chains, {n} noted heads, {len(found)} findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
