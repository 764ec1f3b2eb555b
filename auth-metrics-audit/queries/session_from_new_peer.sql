-- A session came from a network that is none of the last four it came from, while it came from others before.
-- For DuckDB, over the lines of one folder in ECS. It finds what `auth.patterns` calls "session_from_new_peer", if every attempt is on
-- the record: Policy::new().token(Record::All). It needs networks in "source.ip", so the default ShowPeer::Prefix.
--
-- There is no EQL of it: EQL can't say that an event differs from all earlier ones of its sequence.
--
-- Run it in the folder that has the folder `audit`: duckdb -f session_from_new_peer.sql
-- Over the folders of several replicas, read all of them ('*/audit/audit-*.jsonl') and number the places by "@timestamp" instead.
WITH attempts AS (
    SELECT
        row_number() OVER (ORDER BY "event.sequence") AS place,
        "auth.chain" AS chain,
        "event.sequence" AS sequence,
        "@timestamp" AS timestamp,
        epoch_ms("@timestamp"::TIMESTAMP) AS millis,
        "auth.session" AS session,
        "source.ip" AS network
    FROM read_json('audit/audit-*.jsonl', format = 'newline_delimited', columns = {
        '@timestamp': 'VARCHAR', 'auth.chain': 'VARCHAR', 'event.sequence': 'UBIGINT', 'auth.kind': 'VARCHAR', 'auth.session': 'VARCHAR', 'source.ip': 'VARCHAR'
    })
    WHERE "auth.kind" IN ('authentication', 'token', 'authorization') AND "auth.session" IS NOT NULL
),
pauses AS (
    SELECT *, millis - lag(millis, 1, millis) OVER (PARTITION BY session ORDER BY place) > 3600000 AS is_after_pause FROM attempts
),
-- After an hour without an event a session is a new one.
lives AS (
    SELECT *, count(*) FILTER (is_after_pause) OVER (PARTITION BY session ORDER BY place) AS life FROM pauses
),
peers AS (
    SELECT
        *,
        min(place) OVER (PARTITION BY session, life) AS first,
        max(place) OVER (
            PARTITION BY session, life, network ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS last_from_there
    FROM lives
    WHERE network IS NOT NULL
),
-- How many other networks it came from since it last came from this one.
others AS (
    SELECT back.place, count(DISTINCT other.network) AS count
    FROM peers AS back
    JOIN peers AS other
        ON other.session = back.session AND other.life = back.life
        AND other.place > back.last_from_there AND other.place < back.place
    GROUP BY ALL
)
SELECT chain, sequence, timestamp, session, network
FROM peers LEFT JOIN others USING (place)
WHERE place > first AND (last_from_there IS NULL OR others.count >= 4)
ORDER BY place;
