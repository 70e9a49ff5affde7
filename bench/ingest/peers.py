# SPDX-License-Identifier: EUPL-1.2
"""The nearest job with what Debian offers: a chat message accepted and kept. Each peer runs in a private folder on
loopback with the settings below, for a few seconds, and is stopped. A peer that does not start says why.

prosody, ejabberd: a component (XEP-0114) puts 64 users into 64 group rooms with an archive (XEP-0313) on SQLite; each
sends its next message when the room has echoed the last one, which both servers do after the archive was written.
kannel: smsbox takes HTTP sendsms and answers when bearerbox has kept the message in its spool store; a fake SMSC takes
what leaves."""
import os
import re
import socket
import subprocess
import time

import benchlib as b

WINDOW = 64


def tell(path, text):
    with open(path, "w") as f:
        f.write(text)
    return path


def tail(path):
    try:
        with open(path, errors="replace") as f:
            lines = [line.strip() for line in f if line.strip()]
        return lines[-1][:160] if lines else "no word"
    except OSError:
        return "no log"


def component(port, name, secret, rooms, seconds):
    """Drives the rooms through one component connection; (messages, seconds, delays)."""
    import hashlib
    s = socket.create_connection(("127.0.0.1", port), 10)
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    s.sendall(b"<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' "
              b"xmlns:stream='http://etherx.jabber.org/streams' to='%s'>" % name.encode())
    data = b""
    while b"id=" not in data or not data.rstrip().endswith(b">"):
        data += s.recv(4096)
    stream = re.search(rb"<stream:stream[^>]* id=['\"]([^'\"]+)", data).group(1)
    s.sendall(b"<handshake>%s</handshake>" % hashlib.sha1(stream + secret.encode()).hexdigest().encode())
    data = b""
    while b"<handshake" not in data:
        got = s.recv(4096)
        if not got or b"error" in got:
            raise RuntimeError("the component was refused")
        data += got
    for i in range(WINDOW):
        s.sendall(b"<presence from='u%d@%s/b' to='room%d@%s/n%d'><x xmlns='http://jabber.org/protocol/muc'/></presence>"
                  % (i, name.encode(), i, rooms.encode(), i))
    end = time.time() + 15
    data = b""
    while data.count(b"code='201'") + data.count(b'code="201"') < WINDOW:
        if time.time() > end:
            raise RuntimeError("the rooms did not open")
        data += s.recv(65536)
    for i in range(WINDOW):  # a new room is locked until its owner takes the default settings
        s.sendall(b"<iq type='set' id='c%d' from='u%d@%s/b' to='room%d@%s'><query xmlns='http://jabber.org/protocol/"
                  b"muc#owner'><x xmlns='jabber:x:data' type='submit'/></query></iq>"
                  % (i, i, name.encode(), i, rooms.encode()))
    time.sleep(1)
    s.settimeout(0.5)
    try:
        while s.recv(1 << 20):
            pass
    except TimeoutError:
        pass
    s.settimeout(10)
    sent_at, took, n = {}, [], 0

    def send(i):
        nonlocal n
        n += 1
        sent_at[n] = time.perf_counter()
        return (b"<message type='groupchat' id='m%d' from='u%d@%s/b' to='room%d@%s'><body>[%d] Comment inscrire mon fils "
                b"\xc3\xa0 l'\xc3\xa9cole ?</body></message>" % (n, i, name.encode(), i, rooms.encode(), n))

    began = time.perf_counter()
    s.sendall(b"".join(send(i) for i in range(WINDOW)))
    rest, done = b"", 0
    echo = re.compile(rb"<message\b[^>]*>(?:(?!</message>).)*</message>", re.S)
    head = re.compile(rb"<message\b([^>]*)>")
    while done < n:
        got = s.recv(1 << 18)
        if not got:
            raise RuntimeError("the server hung up after %d messages" % done)
        now = time.perf_counter()
        rest += got
        out, last = [], 0
        for m in echo.finditer(rest):
            last = m.end()
            attributes = head.match(m.group(0)).group(1)
            ident = re.search(rb"\bid=['\"]m(\d+)", attributes)
            room = re.search(rb"\bfrom=['\"]room(\d+)@", attributes)
            if not ident or not room or int(ident.group(1)) not in sent_at:
                continue
            took.append(now - sent_at.pop(int(ident.group(1))))
            done += 1
            if now - began < seconds:
                out.append(send(int(room.group(1))))
        rest = rest[last:]
        if out:
            s.sendall(b"".join(out))
    spent = time.perf_counter() - began
    s.close()
    return done, spent, took


def prosody(seconds):
    d = b.folder()
    c2s, comp = b.free_port(), b.free_port()
    cf = tell(d + "/prosody.cfg.lua", """
pidfile = "%(d)s/pid"; data_path = "%(d)s"; plugin_paths = {}; certificates = "%(d)s"
run_as_root = true; daemonize = false; interfaces = { "127.0.0.1" }
modules_enabled = {}; modules_disabled = { "s2s", "offline", "c2s" }
c2s_ports = { %(c2s)d }; component_ports = { %(comp)d }; component_interface = "127.0.0.1"
log = { warn = "%(d)s/log" }
storage = "sql"; sql = { driver = "SQLite3", database = "%(d)s/prosody.sqlite" }
limits = {}
VirtualHost "localhost"
Component "rooms.localhost" "muc"
    modules_enabled = { "muc_mam" }
    muc_log_by_default = true; restrict_room_creation = false; muc_room_locking = false
    log_all_rooms = true
Component "bench.localhost"
    component_secret = "secret"
""" % {"d": d, "c2s": c2s, "comp": comp})
    p = b.start(["prosody", "--config", cf, "-F"], stdout=open(d + "/out", "w"), stderr=subprocess.STDOUT, cwd=d)
    try:
        if not b.wait_for(comp, 15, p):
            return "did not start: " + tail(d + "/out")
        time.sleep(1)
        done, spent, took = component(comp, "bench.localhost", "secret", "rooms.localhost", seconds)
        import sqlite3
        kept = sqlite3.connect(d + "/prosody.sqlite").execute(
            "SELECT count(*) FROM prosodyarchive WHERE host = 'rooms.localhost'").fetchone()[0]
        return done / spent, b.percentile(took, .5), b.percentile(took, .99), "archived %d of %d; SQLite's defaults: synchronous=FULL, a commit each" % (kept, done)
    except (RuntimeError, OSError) as e:
        return "%s; %s" % (e, tail(d + "/log"))
    finally:
        b.stop(p)


def ejabberd(seconds):
    d = b.folder()
    os.chmod(d, 0o755)
    comp = b.free_port()
    lite = "/usr/share/ejabberd/sql/lite.sql"
    subprocess.run(["sqlite3", d + "/e.db", ".read " + lite], check=True, capture_output=True)
    cf = tell(d + "/ejabberd.yml", """
hosts: [localhost]
loglevel: warning
default_db: sql
sql_type: sqlite
sql_database: "%(d)s/e.db"
sql_pool_size: 1
shaper: {}
listen:
  - port: %(comp)d
    ip: "127.0.0.1"
    module: ejabberd_service
    access: all
    hosts:
      "bench.localhost":
        password: "secret"
modules:
  mod_muc:
    host: "rooms.localhost"
    access: all
    access_create: all
    access_mam: all
    db_type: sql
    min_message_interval: 0
    min_presence_interval: 0
    default_room_options: {mam: true, persistent: false}
  mod_mam:
    db_type: sql
    default: always
""" % {"d": d, "comp": comp})
    lib = "/usr/lib/x86_64-linux-gnu"
    env = dict(os.environ, EJABBERD_CONFIG_PATH=cf, ERL_LIBS=lib, HOME=d, SPOOL_DIR=d, LOGS_DIR=d,
               EJABBERD_LOG_PATH=d + "/log", ERL_CRASH_DUMP=d + "/crash")
    ebin = next((os.path.join(lib, x, "ebin") for x in sorted(os.listdir(lib)) if x.startswith("ejabberd-")
                 and os.path.isdir(os.path.join(lib, x, "ebin"))), None)
    if not ebin:
        return "its code was not found below " + lib
    p = b.start(["erl", "-noinput", "-sname", "bench%d@localhost" % os.getpid(), "-pa", ebin, "-mnesia", "dir", '"%s/mnesia"' % d, "-ejabberd",
                 "config", '"%s"' % cf, "log_path", '"%s/log"' % d, "-kernel", "inet_dist_use_interface",
                 "{127,0,0,1}", "-s", "ejabberd"], stdout=open(d + "/out", "w"), stderr=subprocess.STDOUT, cwd=d, env=env)
    try:
        if not b.wait_for(comp, 40, p):
            return "did not start: %s; %s" % (tail(d + "/out"), tail(d + "/log"))
        time.sleep(1)
        done, spent, took = component(comp, "bench.localhost", "secret", "rooms.localhost", seconds)
        time.sleep(1)
        import sqlite3
        kept = sqlite3.connect(d + "/e.db").execute("SELECT count(*) FROM archive").fetchone()[0]
        return done / spent, b.percentile(took, .5), b.percentile(took, .99), "archived %d of %d; SQLite's defaults: synchronous=FULL, a commit each" % (kept, done)
    except (RuntimeError, OSError) as e:
        return "%s; %s; %s" % (e, tail(d + "/log"), tail(d + "/out"))
    finally:
        b.stop(p)


def kannel(seconds):
    d = b.folder()
    os.mkdir(d + "/spool")
    admin, box, http, smsc = (b.free_port() for _ in range(4))
    cf = tell(d + "/kannel.conf", """
group = core
admin-port = %(admin)d
admin-password = bench
smsbox-port = %(box)d
box-allow-ip = 127.0.0.1
log-file = "%(d)s/bearer.log"
log-level = 2
store-type = spool
store-location = "%(d)s/spool"
sms-outgoing-queue-limit = 10000000

group = smsc
smsc = fake
smsc-id = fake
port = %(smsc)d
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = %(http)d
sendsms-interface = 127.0.0.1
log-file = "%(d)s/smsbox.log"
log-level = 2
http-request-retry = 0

group = sendsms-user
username = bench
password = bench
default-sender = 100
""" % {"d": d, "admin": admin, "box": box, "http": http, "smsc": smsc})
    started = [b.start(["bearerbox", cf], stdout=open(d + "/out", "w"), stderr=subprocess.STDOUT, cwd=d)]
    try:
        if not b.wait_for(smsc, 10, started[0]):
            return "bearerbox did not start: " + tail(d + "/out")
        started.append(b.start(["/usr/lib/kannel/test/fakesmsc", "-H", "127.0.0.1", "-r", str(smsc), "-m", "0",
                                "1 2 text nop"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=d))
        started.append(b.start(["smsbox", cf], stdout=open(d + "/out2", "w"), stderr=subprocess.STDOUT, cwd=d))
        if not b.wait_for(http, 10, started[-1]):
            return "smsbox did not start: " + tail(d + "/out2")
        time.sleep(2)
        url = ("http://127.0.0.1:%d/cgi-bin/sendsms?username=bench&password=bench&to=5551234&text="
               "Comment+inscrire+mon+fils" % http)
        out = subprocess.run(["wrk", "-t1", "-c%d" % WINDOW, "-d%ds" % seconds, "--latency", url], capture_output=True,
                             text=True).stdout
        rate = re.search(r"Requests/sec:\s+([\d.]+)", out)
        if not rate:
            return "no answer: " + out[-100:]
        bad = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
        unit = {"us": 1e-6, "ms": 1e-3, "s": 1}
        p50, p99 = (re.search(r"\n\s+%d%%\s+([\d.]+)(us|ms|s)" % q, out) for q in (50, 99))
        return (float(rate.group(1)), float(p50.group(1)) * unit[p50.group(2)], float(p99.group(1)) * unit[p99.group(2)],
                "spool store, a file each, not forced to disk%s" % ("; %s refused" % bad.group(1) if bad else ""))
    finally:
        for p in reversed(started):
            b.stop(p)


ALL = {"prosody 0.12, room with archive": prosody, "ejabberd 23.01, room with archive": ejabberd,
       "kannel 1.4.5, spool store": kannel}
