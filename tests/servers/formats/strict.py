"""Reads texts with the strict parser of OpenMetrics: a JSON string a line, answered by its samples or by what is wrong with it."""

import json
import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families


def exemplar(sample):
    if sample.exemplar is None:
        return None
    return [sample.exemplar.labels, repr(float(sample.exemplar.value)), float(sample.exemplar.timestamp)]


def read(text):
    try:
        families = list(text_string_to_metric_families(text))
    except Exception as mistake:  # whatever a parser raises, the text is wrong
        return {"mistake": f"{type(mistake).__name__}: {mistake}"}
    samples = [
        [sample.name, sample.labels, repr(float(sample.value)), exemplar(sample)]
        for family in families
        for sample in family.samples
    ]
    types = [[family.name, family.type, family.unit, family.documentation] for family in families]
    return {"samples": samples, "families": types}


for line in sys.stdin:
    print(json.dumps(read(json.loads(line))), flush=True)
