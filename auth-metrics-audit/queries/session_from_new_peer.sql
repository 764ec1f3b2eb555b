-- A session came from a network that is none of the last four it came from, while it came from others before.
-- For DuckDB, over the lines of one folder in ECS. It finds what `auth.patterns` calls "session_from_new_peer", if every attempt is on
-- the record: Policy::new().token(Record::All). It needs networks in "source.ip", so the default ShowPeer::Prefix.
--
-- There is no EQL of it: EQL can't say that an event differs from all earlier ones of its sequence.
--
-- Run it in the folder that has the folder `audit`: duckdb -f session_from_new_peer.sql
-- Over the folders of several replicas, give read_json all of them, and use "millis" in the place of "sequence".
WITH attempts AS (
    SELECT
        "event.sequence" AS sequence,
        "@timestamp" AS timestamp,
        epoch_ms("@timestamp"::TIMESTAMP) AS millis,
        "auth.session" AS session,
        "source.ip" AS network
    FROM read_json('audit/audit-*.jsonl', format = 'newline_delimited', columns = {
        '@timestamp': 'VARCHAR', 'event.sequence': 'UBIGINT', 'auth.kind': 'VARCHAR', 'auth.session': 'VARCHAR', 'source.ip': 'VARCHAR'
    })
    WHERE "auth.kind" IN ('authentication', 'token', 'authorization') AND "auth.session" IS NOT NULL
),
pauses AS (
    SELECT *, millis - lag(millis, 1, millis) OVER (PARTITION BY session ORDER BY sequence) > 3600000 AS is_after_pause FROM attempts
),
-- After an hour without an event a session is a new one.
lives AS (
    SELECT *, count(*) FILTER (is_after_pause) OVER (PARTITION BY session ORDER BY sequence) AS life FROM pauses
),
peers AS (
    SELECT
        *,
        min(sequence) OVER (PARTITION BY session, life) AS first,
        max(sequence) OVER (
            PARTITION BY session, life, network ORDER BY sequence ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS last_from_there
    FROM lives
    WHERE network IS NOT NULL
),
-- How many other networks it came from since it last came from this one.
others AS (
    SELECT back.sequence, count(DISTINCT other.network) AS count
    FROM peers AS back
    JOIN peers AS other
        ON other.session = back.session AND other.life = back.life
        AND other.sequence > back.last_from_there AND other.sequence < back.sequence
    GROUP BY ALL
)
SELECT sequence, timestamp, session, network
FROM peers LEFT JOIN others USING (sequence)
WHERE sequence > first AND (last_from_there IS NULL OR others.count >= 4)
ORDER BY sequence;
