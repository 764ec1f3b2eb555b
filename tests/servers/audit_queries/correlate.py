"""Compares what the library says of each line with what the shipped queries find, and with what was planted.

correlate.py QUERIES FOLDER, where FOLDER has the folder `audit`. Prints how many lines each pattern has, and what differs, and ends with 1
if something does. Before that, it tries how old a rejection or a session may be, to the millisecond, and two replicas, on lines of its own.
"""

import datetime
import json
import os
import pathlib
import sys
import tempfile

import duckdb
import eql

PATTERNS = ["success_after_failures", "session_from_new_peer", "token_without_login"]
SHARDS = 64


def lines_of(folder):
    for file in sorted(pathlib.Path(folder, "audit").glob("audit-*.jsonl")):
        with open(file, encoding="utf-8", newline="\n") as lines:
            yield from map(json.loads, lines)


def sql_of(queries, pattern):
    return pathlib.Path(queries, f"{pattern}.sql").read_text()


def by_sql(folder, query):
    """The sequences that the SQL finds. It runs in the folder that has `audit`."""
    os.chdir(folder)
    with duckdb.connect() as connection:
        result = connection.sql(query)
        return {row[result.columns.index("sequence")] for row in result.fetchall()}


def nested(line):
    """`{"a.b": 1}` as `{"a": {"b": 1}}`, as Elasticsearch reads it."""
    event = {}
    for key, value in line.items():
        *path, name = key.split(".")
        place = event
        for part in path:
            place = place.setdefault(part, {})
        place[name] = value
    return event


def ticks(timestamp):
    """The 100 nanoseconds of the program's clock."""
    second, part = timestamp.removesuffix("Z").split(".")
    whole = datetime.datetime.fromisoformat(second + "+00:00")
    return int(whole.timestamp()) * 10_000_000 + int(part[:7].ljust(7, "0"))


def by_eql(queries, lines, pattern, key):
    """The sequences that end what the EQL finds. Lines of different keys never meet in it, so they go in portions, which is faster."""
    query = eql.parse_query(pathlib.Path(queries, f"{pattern}.eql").read_text())
    shards = [[] for _ in range(SHARDS)]
    for line in lines:
        if line.get(key) is not None:
            event = eql.Event(line["event.category"][0], ticks(line["@timestamp"]), nested(line))
            shards[hash(line[key]) % SHARDS].append(event)
    found = []
    for shard in shards:
        engine = eql.PythonEngine()
        engine.add_query(query)
        engine.add_output_hook(found.append)
        engine.stream_events(shard)
    return {result.events[-1].data["event"]["sequence"] for result in found}


def difference(name, found, wanted):
    for word, lines in [("not found", wanted - found), ("found without a reason", found - wanted)]:
        if lines:
            print(f"{name}: {word}: {sorted(lines)[:10]} of {len(lines)}")
    return found != wanted


def compare(queries, folder):
    lines = list(lines_of(folder))
    login = lambda line: line["auth.kind"] == "authentication" and line["auth.outcome"] == "success" and "auth.session" in line
    since_login = lines[next(number for number, line in enumerate(lines) if login(line)) :]
    differs = False
    for pattern in PATTERNS:
        marked = {line["event.sequence"]: line.get("auth.resource", "").split() for line in lines}
        planted = {number for number, words in marked.items() if words[:1] == ["planted"] and pattern in words}
        near = {number for number, words in marked.items() if words[:1] == ["near"] and pattern in words}
        between = {number for number, words in marked.items() if words[:1] == ["between"] and pattern in words}
        library = {line["event.sequence"] for line in lines if pattern in line.get("auth.patterns", [])}
        differs |= difference(f"{pattern}: library", library, planted)
        differs |= difference(f"{pattern}: DuckDB", by_sql(folder, sql_of(queries, pattern)), planted)
        if pattern == "success_after_failures":
            found = by_eql(queries, lines, pattern, "user.hash")
            # Its file says that it finds these too.
            differs |= difference(f"{pattern}: EQL", found, planted | between)
        if pattern == "token_without_login":
            differs |= difference(f"{pattern}: EQL", by_eql(queries, since_login, pattern, "auth.session"), planted)
        if not planted or not near:
            print(f"{pattern}: nothing was planted")
            differs = True
        print(f"{pattern}: {len(library)} lines")
    return differs


def line(sequence, millis, kind, outcome, **rest):
    at = datetime.datetime(2026, 9, 21, tzinfo=datetime.timezone.utc) + datetime.timedelta(milliseconds=millis)
    category = "iam" if kind == "authorization" else "authentication"
    return {
        "@timestamp": at.strftime("%Y-%m-%dT%H:%M:%S.%f000Z"),
        "event.category": [category],
        "event.sequence": sequence,
        "auth.kind": kind,
        "auth.outcome": outcome,
        **{key.replace("_", "."): value for key, value in rest.items()},
    }


def write(folder, lines):
    os.makedirs(folder)
    text = "".join(json.dumps(line) + "\n" for line in lines)
    pathlib.Path(folder, "audit-00000000000000000001.jsonl").write_text(text)


def replicas(queries):
    """Attempts that two replicas saw in turn, by the queries as their comments say: a login that one of them saw is one for the other."""
    who = {"user_hash": "k1:00"}
    session = {"auth_session": "k1:01"}
    first = [line(9, 10, "authentication", "success", source_ip="192.0.2.0", **session)]
    first += [line(number, number * 10, "authentication", "rejected", **who) for number in (10, 12, 14)]
    first += [line(15, 170, "authentication", "success", **who)]
    second = [line(number, number * 10 + 105, "authentication", "rejected", **who) for number in (1, 2)]
    second += [line(3, 180, "token", "success", source_ip="203.0.113.0", **session)]
    second += [line(4, 190, "token", "success", auth_session="k1:02")]
    differs = False
    for pattern, wanted in [("success_after_failures", {15}), ("session_from_new_peer", {3}), ("token_without_login", {4})]:
        query = sql_of(queries, pattern)
        for shipped, several in [("'audit/audit-", "'*/audit/audit-"), ('OVER (ORDER BY "event.sequence")', 'OVER (ORDER BY "@timestamp")')]:
            assert query.count(shipped) == 1, f"{pattern}: {shipped}"
            query = query.replace(shipped, several)
        with tempfile.TemporaryDirectory() as folder:
            write(f"{folder}/one/audit", first)
            write(f"{folder}/two/audit", second)
            differs |= difference(f"{pattern} of two replicas: DuckDB", by_sql(folder, query), wanted)
            os.chdir("/")
    return differs


def windows(queries):
    """The bounds, each on its two sides: ten minutes, and an hour."""
    differs = False
    for late in (0, 1):
        subject = {"user_hash": "k1:00"}
        guesses = [line(number + 1, number, "authentication", "rejected", **subject) for number in range(5)]
        guesses.append(line(6, 600_000 + late, "authentication", "success", **subject))
        session = {"auth_session": "k1:01"}
        pause = 3_600_000 + late
        of_session = [
            line(1, 0, "authentication", "success", source_ip="192.0.2.0", **session),
            line(2, pause, "authorization", "success", source_ip="203.0.113.0", **session),
            line(3, 2 * pause, "token", "success", source_ip="203.0.113.0", **session),
        ]
        for pattern, lines, wanted in [
            ("success_after_failures", guesses, {6} if late == 0 else set()),
            ("session_from_new_peer", of_session, {2} if late == 0 else set()),
            ("token_without_login", of_session, set() if late == 0 else {3}),
        ]:
            with tempfile.TemporaryDirectory() as folder:
                write(f"{folder}/audit", lines)
                name = f"{pattern} {late} ms late"
                differs |= difference(f"{name}: DuckDB", by_sql(folder, sql_of(queries, pattern)), wanted)
                os.chdir("/")
            if pattern == "success_after_failures":
                differs |= difference(f"{name}: EQL", by_eql(queries, lines, pattern, "user.hash"), wanted)
    return differs


def main(queries, folder):
    queries, folder = os.path.abspath(queries), os.path.abspath(folder)
    return windows(queries) | replicas(queries) | compare(queries, folder)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
