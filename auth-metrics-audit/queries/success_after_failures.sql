-- A subject was authenticated after at least five rejected attempts within ten minutes, with no success in between.
-- For DuckDB, over the lines of one folder in ECS. It finds what `auth.patterns` calls "success_after_failures".
--
-- Run it in the folder that has the folder `audit`: duckdb -f success_after_failures.sql
-- Over the folders of several replicas, read all of them ('*/audit/audit-*.jsonl') and number the places by "@timestamp" instead: then it
-- also finds what no single process sees. If the key of the pseudonyms changed, one subject has two names: that of the old key is in
-- "auth.user_hash_prev" for as long as the old key is kept.
WITH attempts AS (
    SELECT
        row_number() OVER (ORDER BY "event.sequence") AS place,
        "auth.chain" AS chain,
        "event.sequence" AS sequence,
        "@timestamp" AS timestamp,
        epoch_ms("@timestamp"::TIMESTAMP) AS millis,
        "user.hash" AS subject,
        "auth.outcome" AS outcome
    FROM read_json('audit/audit-*.jsonl', format = 'newline_delimited', columns = {
        '@timestamp': 'VARCHAR', 'auth.chain': 'VARCHAR', 'event.sequence': 'UBIGINT', 'auth.kind': 'VARCHAR', 'auth.outcome': 'VARCHAR', 'user.hash': 'VARCHAR'
    })
    WHERE "auth.kind" = 'authentication' AND "user.hash" IS NOT NULL
),
-- Attempts between two successes have the same number, with the success that ends them.
runs AS (
    SELECT *, count(*) FILTER (outcome = 'success') OVER (
        PARTITION BY subject ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS run
    FROM attempts
)
SELECT success.chain, success.sequence, success.timestamp, success.subject, count(*) AS rejections
FROM runs AS success
JOIN runs AS rejected
    ON rejected.subject = success.subject AND rejected.run = success.run
    AND rejected.outcome = 'rejected' AND rejected.millis >= success.millis - 600000
WHERE success.outcome = 'success'
GROUP BY success.place, success.chain, success.sequence, success.timestamp, success.subject
HAVING count(*) >= 5
ORDER BY success.place;
