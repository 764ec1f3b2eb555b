-- A token of a session was accepted, and nobody logged in to that session, and no token of it was accepted before.
-- For DuckDB, over the lines of one folder in ECS. It finds what `auth.patterns` calls "token_without_login", if every attempt is on the
-- record: Policy::new().token(Record::All). Tokens before the first login with a session don't count: nobody knows where they are from.
--
-- Run it in the folder that has the folder `audit`: duckdb -f token_without_login.sql
-- Over the folders of several replicas, read all of them ('*/audit/audit-*.jsonl') and number the places by "@timestamp" instead: one
-- replica may check the token of a login that another one saw.
WITH attempts AS (
    SELECT
        row_number() OVER (ORDER BY "event.sequence") AS place,
        "auth.chain" AS chain,
        "event.sequence" AS sequence,
        "@timestamp" AS timestamp,
        epoch_ms("@timestamp"::TIMESTAMP) AS millis,
        "auth.kind" AS kind,
        "auth.outcome" AS outcome,
        "auth.session" AS session
    FROM read_json('audit/audit-*.jsonl', format = 'newline_delimited', columns = {
        '@timestamp': 'VARCHAR', 'auth.chain': 'VARCHAR', 'event.sequence': 'UBIGINT', 'auth.kind': 'VARCHAR', 'auth.outcome': 'VARCHAR', 'auth.session': 'VARCHAR'
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
accepted AS (
    SELECT *, row_number() OVER (PARTITION BY session, life ORDER BY place) AS number
    FROM lives
    WHERE outcome = 'success' AND kind IN ('authentication', 'token')
)
SELECT chain, sequence, timestamp, session
FROM accepted
WHERE kind = 'token' AND number = 1
    AND place > (SELECT min(place) FROM accepted WHERE kind = 'authentication')
ORDER BY place;
