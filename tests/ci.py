"""Reads the files of CI services as those services do, for the tests.

Each line of stdin is a request {"yaml": TEXT, "schema": PATH}; each gets one line of stdout: {"json": …, "problems": […]}, one
sentence per problem.
"""

import json
import re
import sys

import jsonschema
import yaml


class Loader(yaml.SafeLoader):
    """YAML 1.2, in which `on` is a string."""


Loader.yaml_implicit_resolvers = {
    start: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for start, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), list("tf"))

for line in sys.stdin:
    request = json.loads(line)
    read = yaml.load(request["yaml"], Loader)
    with open(request["schema"], encoding="utf-8") as file:
        schema = json.load(file)
    validator = jsonschema.validators.validator_for(schema)(schema)
    problems = [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(read)]
    print(json.dumps({"json": read, "problems": problems}), flush=True)
