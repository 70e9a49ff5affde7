#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Compares due times with a second implementation, line by line (SLA-1, SLA-2, SLA-3).

usage: due_oracle.py BINARY [--cases 20000] [--seed 1] [--jobs 1] [--tzdir /usr/share/zoneinfo] [-- ARGUMENTS]

BINARY ARGUMENTS reads JSON lines on standard input and writes one line each (`passerelle compute due`). This file reads
the same tree of time zones through Python's zoneinfo and has its own rules for holidays, opening hours and clock changes;
it shares no code and no table with the product. A disagreement prints the input, both answers and ends with status 1.
"""
import argparse
import datetime as dt
import functools
import json
import multiprocessing
import os
import random
import subprocess
import sys
import zoneinfo

UTC = dt.timezone.utc
EPOCH = dt.datetime(1970, 1, 1)
DAY = dt.timedelta(days=1)
MODES = ("deferred", "wall", "working-hours")
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ZONES = """St_Johns Halifax Glace_Bay Moncton Goose_Bay Blanc-Sablon Toronto Iqaluit Atikokan Winnipeg Resolute
Rankin_Inlet Regina Swift_Current Edmonton Yellowknife Cambridge_Bay Inuvik Vancouver Creston Dawson_Creek Fort_Nelson
Whitehorse Dawson""".split()
CALENDARS = "none FED AB BC MB NB NL NS NT NU ON PE QC SK YT".split()


# ---- holidays -------------------------------------------------------------------------------------------------------
def nth_monday(year, month, nth):
    mondays = [d for d in range(1, 29) if dt.date(year, month, d).weekday() == 0]
    return dt.date(year, month, mondays[nth - 1])


def easter(year):
    """Gauss, with the corrections of the Gregorian calendar."""
    a, b, c = year % 19, year % 4, year % 7
    k = year // 100
    p = (13 + 8 * k) // 25
    m = (15 - p + k - k // 4) % 30
    n = (4 + k - k // 4) % 7
    d = (19 * a + m) % 30
    e = (2 * b + 4 * c + 6 * d + n) % 7
    if d == 29 and e == 6:
        day = 19
    elif d == 28 and e == 6 and (11 * m + 11) % 30 < 19:
        day = 18
    else:
        return dt.date(year, 3, 22) + dt.timedelta(days=d + e)
    return dt.date(year, 4, day)


@functools.lru_cache(None)
def holidays(place, year):
    if place == "none":
        return frozenset()
    days = {dt.date(year, 1, 1), easter(year) - 2 * DAY, nth_monday(year, 9, 1), dt.date(year, 12, 25)}
    first_july = dt.date(year, 7, 1)
    if first_july.weekday() == 6 and place in ("FED", "QC", "SK"):
        days.add(dt.date(year, 7, 2))
    else:
        days.add(first_july)
    since = {"AB": 1990, "NB": 2018, "ON": 2008, "SK": 2007, "MB": 2008, "NS": 2015, "PE": 2010, "BC": 2019}
    if year >= since.get(place, 9999):
        days.add(nth_monday(year, 2, 3))
    if (place == "BC" and 2013 <= year <= 2018) or (place == "PE" and year == 2009):
        days.add(nth_monday(year, 2, 2))
    if place in ("AB", "BC", "MB", "NT", "NU", "ON", "SK", "YT", "FED", "QC"):
        day = dt.date(year, 5, 24)
        while day.weekday() != 0:
            day -= DAY
        days.add(day)
        days.add(nth_monday(year, 10, 2))
    if year >= {"NT": 2001, "YT": 2017}.get(place, 9999):
        days.add(dt.date(year, 6, 21))
    if place == "QC":
        saint_john = dt.date(year, 6, 24)
        days.add(saint_john)
        if saint_john.weekday() == 6:
            days.add(saint_john + DAY)
    if place == "NU" and year >= 2020:
        days.add(dt.date(year, 7, 9))
    if place in ("NT", "NU", "BC", "NB", "SK"):
        days.add(nth_monday(year, 8, 1))
    if place == "YT":
        days.add(nth_monday(year, 8, 3))
    if year >= {"FED": 2021, "NT": 2022, "PE": 2022, "NU": 2022, "BC": 2023, "YT": 2023, "MB": 2024}.get(place, 9999):
        days.add(dt.date(year, 9, 30))
    if place not in ("MB", "NS", "ON", "QC"):
        days.add(dt.date(year, 11, 11))
    if place in ("ON", "FED"):
        days.add(dt.date(year, 12, 26))
    if year == 2022 and place in ("BC", "NB", "NL", "NS", "PE", "YT", "FED"):
        days.add(dt.date(2022, 9, 19))
    return frozenset(days)


# ---- clocks: instants are whole milliseconds since 1970 UTC, readings are naive datetimes ----------------------------
@functools.lru_cache(None)
def zone_of(name):
    return zoneinfo.ZoneInfo("America/" + name)


def offset_ms(zone, ms):
    at = (EPOCH + dt.timedelta(milliseconds=ms)).replace(tzinfo=UTC).astimezone(zone_of(zone))
    return at.utcoffset() // dt.timedelta(milliseconds=1)


def reading(zone, ms):
    return EPOCH + dt.timedelta(milliseconds=ms + offset_ms(zone, ms))


@functools.lru_cache(200000)
def instant(zone, local):
    z = zone_of(zone)
    naive = (local - EPOCH) // dt.timedelta(milliseconds=1)
    first = local.replace(tzinfo=z, fold=0).utcoffset() // dt.timedelta(milliseconds=1)
    second = local.replace(tzinfo=z, fold=1).utcoffset() // dt.timedelta(milliseconds=1)
    if first >= second:  # an ordinary time, or the earlier of two
        return naive - first
    low, high = naive - second, naive - first  # no such time: the change lies between
    while high - low > 1:
        middle = (low + high) // 2
        if offset_ms(zone, middle) == first:
            low = middle
        else:
            high = middle
    return high


# ---- the promise ----------------------------------------------------------------------------------------------------
def openings(case, date):
    """The openings of one date as (from, to) in ms, merged."""
    if date in holidays(case["place"], date.year):
        return []
    spans = []
    midnight = dt.datetime.combine(date, dt.time())
    for days, start, end in case["periods"]:
        if date.weekday() in days:
            a = instant(case["zone"], midnight + dt.timedelta(minutes=start))
            b = instant(case["zone"], midnight + dt.timedelta(minutes=end))
            if a < b:
                spans.append((a, b))
    merged = []
    for a, b in sorted(spans):
        if merged and a <= merged[-1][1]:
            merged[-1][1] = max(b, merged[-1][1])
        else:
            merged.append([a, b])
    return merged


def is_business_day(case, date):
    listed = any(date.weekday() in days for days, _, _ in case["periods"])
    return listed and date not in holidays(case["place"], date.year)


def expected(case):
    """(start, due) in ms, or the name of the wrong field."""
    if case.get("wrong"):
        return case["wrong"]
    received, zone, hours, mode = case["received"], case["zone"], case["standard"], case["mode"]
    if mode == "wall":
        return received, received + hours * 3600000
    if mode == "deferred" and hours % 24:
        return "standard_hours"
    if not case["periods"]:
        return "hours"
    date = reading(zone, received).date() - DAY
    start, left = None, hours * 3600000
    for _ in range(5000):
        for a, b in openings(case, date):
            if b <= received:
                continue
            if start is None:
                start = max(a, received)
                if mode == "deferred":
                    return start, deferred_due(case, start)
            a = max(a, received)
            if b - a >= left:
                return start, a + left
            left -= b - a
        date += DAY
    return "hours"


def deferred_due(case, start):
    local = reading(case["zone"], start)
    date, left = local.date(), case["standard"] // 24
    while left:
        date += DAY
        if is_business_day(case, date):
            left -= 1
    return instant(case["zone"], dt.datetime.combine(date, local.time()))


def text_of(zone, ms):
    offset = offset_ms(zone, ms) // 1000
    local = EPOCH + dt.timedelta(milliseconds=ms + offset * 1000)
    text = local.strftime("%Y-%m-%dT%H:%M:%S")
    if ms % 1000:
        text += ".%03d" % (ms % 1000)
    sign = "-" if offset < 0 else "+"
    return text + "%s%02d:%02d" % (sign, abs(offset) // 3600, abs(offset) // 60 % 60)


# ---- cases ----------------------------------------------------------------------------------------------------------
@functools.lru_cache(None)
def changes(zone):
    """Instants at which the clock of a zone jumped or changed its name, 2018 to 2033."""
    found, hour = [], 3600000
    at = int(dt.datetime(2018, 1, 1, tzinfo=UTC).timestamp()) * 1000
    end = int(dt.datetime(2033, 1, 1, tzinfo=UTC).timestamp()) * 1000
    last = offset_ms(zone, at)
    while at < end:
        at += 6 * hour
        now = offset_ms(zone, at)
        if now != last:
            found.append(at)
        last = now
    found += [int(dt.datetime(y, m, d, 7, tzinfo=UTC).timestamp()) * 1000  # nights on which others change
              for y, m, d in ((2026, 3, 8), (2026, 11, 1), (2027, 3, 14), (2027, 11, 7), (2028, 3, 12))]
    return found


def random_time(rnd, zone, place):
    low = int(dt.datetime(2016, 1, 1, tzinfo=UTC).timestamp()) * 1000
    kind = rnd.random()
    if kind < 0.35:
        at = rnd.choice(changes(zone)) + rnd.randint(-60 * 3600, 48 * 3600) * 1000
    elif kind < 0.55 and place != "none":
        day = rnd.choice(sorted(holidays(place, rnd.randint(2017, 2034))))
        at = int(dt.datetime.combine(day, dt.time(), tzinfo=UTC).timestamp()) * 1000 + rnd.randint(-96, 48) * 3600000
        at += rnd.randint(0, 3599999)
    elif kind < 0.6:
        at = low + rnd.randint(0, 80 * 365 * 86400) * 1000  # far behind every table
    else:
        at = low + rnd.randint(0, 17 * 365 * 86400) * 1000
    if rnd.random() < 0.5:
        at -= at % 60000
    elif rnd.random() < 0.7:
        at -= at % 1000
    return at


def random_days(rnd):
    kind = rnd.random()
    if kind < 0.35:
        return "mon-fri", {0, 1, 2, 3, 4}
    if kind < 0.5:
        return "mon-sun", set(range(7))
    if kind < 0.7:
        a, b = rnd.randrange(7), rnd.randrange(7)
        days, d = {a}, a
        while d != b:
            d = (d + 1) % 7
            days.add(d)
        return "%s-%s" % (WEEK[a], WEEK[b]), days
    days = rnd.sample(range(7), rnd.randint(1, 5))
    return ",".join(WEEK[d] for d in days), set(days)


def random_period(rnd):
    kind = rnd.random()
    if kind < 0.35:
        return 540, 1020
    if kind < 0.45:
        return 0, 1440
    if kind < 0.6:  # near the hours that clocks skip or repeat
        a = rnd.randint(0, 200)
        return a, a + rnd.randint(1, 120)
    if kind < 0.7:
        return rnd.randint(1000, 1439), 1440
    a = rnd.randint(0, 1438)
    return a, rnd.randint(a + 1, 1440)


def hhmm(minutes):
    return "%02d:%02d" % divmod(minutes, 60)


BROKEN = (
    ("zone", "zone", "America/Nowhere"), ("zone", "zone", "../../etc/passwd"), ("zone", "zone", 7), ("zone", "zone", ""),
    ("received", "received", "yesterday"), ("received", "received", "2026-02-30T10:00:00Z"),
    ("received", "received", "2026-02-13T16:59:00"), ("received", "received", None),
    ("calendar", "calendar", "CA-XX"), ("calendar", "calendar", None), ("mode", "mode", "fast"), ("mode", "mode", True),
    ("standard_hours", "standard_hours", 0), ("standard_hours", "standard_hours", -24),
    ("standard_hours", "standard_hours", "24"), ("standard_hours", "standard_hours", 24.5), ("hours", "hours", "9-17"),
    ("hours[0].days", "hours", [{"days": "monday", "open": "09:00", "close": "17:00"}]),
    ("hours[0].open", "hours", [{"days": "mon", "open": "24:00", "close": "24:00"}]),
    ("hours[0].close", "hours", [{"days": "mon", "open": "09:00", "close": "09:00"}]),
    ("hours[1].close", "hours", [{"days": "mon", "open": "09:00", "close": "10:00"},
                                 {"days": "mon", "open": "09:00", "close": "24:30"}]),
    ("hours[0].open", "hours", [{"days": "mon", "close": "09:00"}]), ("hours[0]", "hours", [4]),
)
GARBAGE = ("", "{", "[]", "null", "\"text\"", "{\"received\":1}{", "{\"a\":1,\"a\":2}", "\u00e9", "[" * 3000)


def random_case(rnd):
    zone, place = rnd.choice(ZONES), rnd.choice(CALENDARS)
    mode = rnd.choice(MODES)
    case = {"zone": zone, "place": place, "mode": mode, "received": random_time(rnd, zone, place), "periods": []}
    if mode == "deferred":
        case["standard"] = rnd.choice((24, 24, 24, 48, 48, 72, 120, 240, 25))
    else:
        case["standard"] = rnd.choice((1, 2, 4, 8, 24, 24, 48, rnd.randint(1, 100)))
    hours = []
    for _ in range(rnd.choice((0, 1, 1, 1, 1, 2, 2, 3, 4)) if rnd.random() < 0.3 else rnd.choice((1, 2))):
        text, days = random_days(rnd)
        start, end = random_period(rnd)
        case["periods"].append((days, start, end))
        hours.append({"days": text, "open": hhmm(start), "close": hhmm(end)})
    if mode == "working-hours" and hours:  # within 200 weeks: longer promises are refused after ten years
        longest = max(end - start for _, start, end in case["periods"])
        case["standard"] = max(1, min(case["standard"], longest * 200 // 60))
    shown = rnd.choice((zone, "Toronto", "Vancouver"))  # a received time may carry any offset
    line = {"received": text_of(shown, case["received"]), "zone": "America/" + zone,
            "calendar": "none" if place == "none" else "CA-" + place, "hours": hours,
            "standard_hours": case["standard"], "mode": mode}
    if rnd.random() < 0.03:
        case["wrong"], member, value = rnd.choice(BROKEN)
        line[member] = value
        if value is None:
            del line[member]
    if rnd.random() < 0.01:
        case["wrong"] = "$"
        return case, rnd.choice(GARBAGE)
    return case, json.dumps(line)


def run_part(task):
    command, tzdir, seed, count = task
    zoneinfo.reset_tzpath([tzdir])
    rnd = random.Random(seed)
    done, checked = 0, {"due": 0, "refused": 0}
    while done < count:
        batch = [random_case(rnd) for _ in range(min(20000, count - done))]
        text = "".join(line + "\n" for _, line in batch)
        run = subprocess.run(command, input=text.encode(), stdout=subprocess.PIPE, check=False,
                             env=dict(os.environ, PW_TZDIR=tzdir))
        answers = run.stdout.decode().split("\n")
        if run.returncode or len(answers) != len(batch) + 1 or answers[-1]:
            return "status %d, %d lines for %d cases" % (run.returncode, len(answers) - 1, len(batch)), checked
        for (case, line), answer in zip(batch, answers):
            want, got = expected(case), json.loads(answer)
            if isinstance(want, str):
                checked["refused"] += 1
                good = got.get("error", {}).get("field") == want and bool(got["error"].get("message"))
            else:
                checked["due"] += 1
                want = {"start": text_of(case["zone"], want[0]), "due": text_of(case["zone"], want[1])}
                good = got == want
            if not good:
                return "case  %s\nwant  %s\ngot   %s" % (line, json.dumps(want), answer), checked
        done += len(batch)
    return "", checked


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("arguments", nargs="*", help="for example: compute due")
    parser.add_argument("--cases", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--tzdir", default="/usr/share/zoneinfo")
    args = parser.parse_args()
    command = [args.binary] + args.arguments
    part = -(-args.cases // args.jobs)
    tasks = [(command, args.tzdir, args.seed * 1000 + i, min(part, args.cases - part * i)) for i in range(args.jobs)]
    with multiprocessing.Pool(args.jobs) as pool:
        results = pool.map(run_part, tasks, 1)
    for failure, _ in results:
        if failure:
            print(failure)
            return 1
    due = sum(r["due"] for _, r in results)
    refused = sum(r["refused"] for _, r in results)
    print("%d cases agree: %d due times, %d refusals with the right field (seed %d)" %
          (due + refused, due, refused, args.seed))
    return 0


if __name__ == "__main__":
    sys.exit(main())
