# SPDX-License-Identifier: EUPL-1.2
"""What the benchmarks share: an installation in a private folder, its server, and measured requests."""
import atexit
import http.client
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.environ.get("PW_BENCH_BUILD", os.path.join(ROOT, "build-bench"))
SERVER = os.path.join(BUILD, "src/main/passerelle")
TOWN = os.path.join(BUILD, "bench/bench_town")
HOOKS = os.path.join(BUILD, "bench/bench_hooks")
WATCH = os.path.join(BUILD, "bench/bench_watch")
HOOK_PATH, SECRET, CHAT = "/hooks/telegram/bench", "bench-secret-0123456789", "-1002000000001"
running = []


def folder():
    """A private folder, removed at the end. On $PW_BENCH_DISK or the temporary folder: it must be a real disk."""
    path = tempfile.mkdtemp(prefix="pwbench-", dir=os.environ.get("PW_BENCH_DISK"))
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def start(command, **more):
    p = subprocess.Popen(command, **more)
    running.append(p)
    return p


def stop(p, how=signal.SIGTERM):
    if p.poll() is None:
        p.send_signal(how)
        try:
            p.wait(20)
        except subprocess.TimeoutExpired:
            p.kill()
            p.wait()
    if p in running:
        running.remove(p)


def stop_all():
    for p in list(running):
        stop(p)


atexit.register(stop_all)
signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))


def wait_for(port, seconds=20, p=None):
    end = time.time() + seconds
    while time.time() < end:
        if p is not None and p.poll() is not None:
            return False
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return True
        except OSError:
            time.sleep(0.002)
    return False


class Server:
    """passerelle serve on a data folder. cpu(): seconds of processor used so far."""

    def __init__(self, data, *options):
        self.port = free_port()
        self.log = open(os.path.join(data, "log"), "ab")
        self.began = time.monotonic()
        self.p = start([SERVER, "serve", "--data", data, "--port", str(self.port), *options], stdout=self.log,
                       stderr=self.log)
        if not wait_for(self.port, p=self.p):
            raise SystemExit("the server did not start; see %s/log" % data)

    def cpu(self):
        with open("/proc/%d/stat" % self.p.pid) as f:
            fields = f.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory_mb(self):
        with open("/proc/%d/status" % self.p.pid) as f:
            return {k: int(v.split()[0]) / 1024 for k, v in (line.split(":") for line in f if line.startswith("Rss") or
                                                             line.startswith("VmRSS"))}

    def stop(self, how=signal.SIGTERM):
        stop(self.p, how)
        self.log.close()


def town(data, agents=2, communities=1, api_base="http://127.0.0.1:9"):
    subprocess.run([TOWN, "make", "--data", data, "--agents", str(agents), "--communities", str(communities),
                    "--api-base", api_base], check=True)


def hooks(port, **options):
    command = [HOOKS, str(port), HOOK_PATH, SECRET]
    for name, value in options.items():
        command += ["--" + name, str(value)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def count(data, sql):
    db = sqlite3.connect("file:%s?mode=ro" % os.path.join(data, "passerelle.db"), uri=True)
    try:
        return db.execute(sql).fetchone()[0]
    finally:
        db.close()


def percentile(values, q):
    values = sorted(values)
    return values[int((len(values) - 1) * q)] if values else float("nan")


class Browser:
    """One kept connection with a session."""

    def __init__(self, port, session=None, lang="fr"):
        self.c = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.again()
        self.headers = {"Cookie": "lang=" + lang + (("; pw=" + session) if session else "")}

    def again(self):
        """A new connection: the server ends one that was silent for long, as while waiting for a quiet machine."""
        self.c.close()
        self.c.connect()
        self.c.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def get(self, path, **headers):
        """(status, seconds, bytes on the wire, body, answer's headers)"""
        began = time.perf_counter()
        self.c.request("GET", path, headers={**self.headers, **headers})
        r = self.c.getresponse()
        body = r.read()
        return r.status, time.perf_counter() - began, len(body), body, dict(r.getheaders())


def machine():
    with open("/proc/cpuinfo") as f:
        model = next((line.split(":")[1].strip() for line in f if line.startswith("model name")), "?")
    return "%d cores, %s, load %.1f" % (os.cpu_count(), model, os.getloadavg()[0])


def busy_s():
    """Seconds of processor used by everything on this machine since it started."""
    with open("/proc/stat") as f:
        v = [int(x) for x in f.readline().split()[1:]]
    return (sum(v[:3]) + sum(v[5:7])) / os.sysconf("SC_CLK_TCK")


class Others:
    """How many cores other programs took meanwhile: the server's and our own children's share is not counted."""

    def __init__(self, server=None):
        self.server = server
        self.before = self.look()

    def look(self):
        own = os.times()
        ours = own.user + own.system + own.children_user + own.children_system
        return time.monotonic(), busy_s() - ours - (self.server.cpu() if self.server else 0)

    def cores(self):
        t, used = self.look()
        return max(0.0, (used - self.before[1]) / (t - self.before[0]))


def quiet(seconds=int(os.environ.get("PW_BENCH_WAIT", "30"))):
    """Waits until other programs leave most of the machine to us, at most so long."""
    end = time.time() + seconds
    while time.time() < end:
        before = busy_s()
        time.sleep(1)
        if busy_s() - before < 0.3:
            return
