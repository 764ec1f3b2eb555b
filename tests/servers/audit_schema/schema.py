"""Validates the lines of a folder: ocsf.jsonl against the schema of OCSF, ecs.jsonl against the names and words of ECS.

Says what is wrong, a line each, and how many lines were read. Ends with 1 if something is wrong, or if there are no lines.
"""

import json
import pathlib
import sys

import jsonschema
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

OCSF_VERSION = "1.8.0"

# What ECS allows, by generated/ecs/ecs_flat.yml of the same version as the list of names.
ECS_TYPES = {
    "authentication": {"start", "end", "info"},
    "iam": {"admin", "change", "creation", "deletion", "group", "info", "user"},
    "process": {"access", "change", "end", "info", "start"},
}
ECS_OUTCOMES = {"failure", "success", "unknown"}
ECS_NUMBERS = {"event.duration", "event.sequence"}
ECS_LISTS = {"event.category", "event.type"}


class Ocsf:
    def __init__(self):
        self.schema = OcsfJsonSchemaEmbedded(get_ocsf_schema(version=OCSF_VERSION))
        self.validators = {}

    def validator(self, uid, profiles):
        if (uid, profiles) not in self.validators:
            name = self.schema.lookup_class_name_from_uid(uid)
            schema = self.schema.get_class_schema(name, list(profiles))
            self.validators[uid, profiles] = jsonschema.Draft202012Validator(schema)
        return self.validators[uid, profiles]

    def mistakes(self, line):
        metadata = line["metadata"]
        profiles = tuple(metadata.get("profiles", []))
        for mistake in self.validator(line["class_uid"], profiles).iter_errors(line):
            yield f"{mistake.json_path}: {mistake.message}"
        # What the schema of JSON can't say.
        if line["type_uid"] != line["class_uid"] * 100 + line["activity_id"]:
            yield "type_uid is not that of the class and the activity"
        if line["activity_id"] == 99 and "activity_name" not in line:
            yield "an activity without a number needs a name"
        if metadata["version"] != OCSF_VERSION:
            yield "metadata.version is another one"


class Ecs:
    def __init__(self, names):
        lines = pathlib.Path(names).read_text().splitlines()
        self.names = {line for line in lines if not line.startswith("#")}

    def mistakes(self, line):
        for key, value in line.items():
            if key not in self.names and not key.startswith("auth."):
                yield f"{key} is no name of ECS"
            if not key.startswith("auth."):
                wanted = int if key in ECS_NUMBERS else list if key in ECS_LISTS else str
                if type(value) is not wanted:
                    yield f"{key} is no {wanted.__name__}"
        for category in line["event.category"]:
            if not set(line["event.type"]) <= ECS_TYPES.get(category, set()):
                yield f"event.type {line['event.type']} is none of {category}"
        if line.get("event.outcome", "unknown") not in ECS_OUTCOMES:
            yield "event.outcome is none of ECS"


def main(folder):
    here = pathlib.Path(__file__).parent
    failed = False
    for name, schema in [("ocsf.jsonl", Ocsf()), ("ecs.jsonl", Ecs(here / "ecs_names.txt"))]:
        count = 0
        with open(pathlib.Path(folder) / name, encoding="utf-8", newline="\n") as lines:
            for count, line in enumerate(lines, 1):
                for mistake in schema.mistakes(json.loads(line)):
                    failed = True
                    print(f"{name}:{count}: {mistake}")
        print(f"{name}: {count} lines")
        failed = failed or count == 0
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
