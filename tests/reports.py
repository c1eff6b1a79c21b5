"""Checks reports against the forms that they claim to have, for the tests.

Each line of stdin is a request {"schema": PATH, "json": TEXT} or {"xml": TEXT}; each gets one line of stdout:
{"problems": […]}, one sentence per problem.
"""

import json
import sys
from xml.etree import ElementTree

import jsonschema


def check_json(schema, text):
    with open(schema, encoding="utf-8") as file:
        schema = json.load(file)
    validator = jsonschema.validators.validator_for(schema)(schema)
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(json.loads(text))]


def check_xml(text):
    """JUnit has no schema of its own: the numbers that it states have to be true."""
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        return [str(error)]
    problems = []
    for suite in [root, *root.iter("testsuite")]:
        counts = {"tests": "testcase", "failures": "failure", "skipped": "skipped"}
        for attribute, element in counts.items():
            found = len(list(suite.iter(element)))
            if suite.get(attribute) != str(found):
                problems.append(f"{suite.tag} says {attribute}={suite.get(attribute)} and has {found}")
    return problems


for line in sys.stdin:
    request = json.loads(line)
    if "xml" in request:
        problems = check_xml(request["xml"])
    else:
        problems = check_json(request["schema"], request["json"])
    print(json.dumps({"problems": problems}), flush=True)
