"""Checks manifests against the official schemas of many Kubernetes versions, for the tests.

Each line of stdin is a request {"objects": […], "versions": […]}; each gets one line of stdout:
{"problems": […]}, one sentence per problem.
"""

import functools
import json
import sys

from kubernetes_validate import utils

# The library reads the same few files again for each object.
utils.schema_contents = functools.lru_cache(maxsize=None)(utils.schema_contents)
utils.all_versions = functools.lru_cache(maxsize=None)(utils.all_versions)


def check(thing, version):
    name = f"{thing['kind']} {thing['metadata']['name']}"
    try:
        used = utils.validate(thing, version, strict=True)
    except utils.ValidationError as error:
        path = ".".join(str(part) for part in error.path)
        return f"Kubernetes {version}: {name}: {path}: {error.message}"
    except (utils.SchemaNotFoundError, utils.VersionNotSupportedError) as error:
        return f"Kubernetes {version}: {name}: {error.message}"
    return None if used == version else f"Kubernetes {version}: schemas of {used} were used"


for line in sys.stdin:
    request = json.loads(line)
    found = [check(thing, version) for version in request["versions"] for thing in request["objects"]]
    print(json.dumps({"problems": [problem for problem in found if problem]}), flush=True)
