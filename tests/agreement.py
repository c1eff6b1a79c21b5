"""Says of many manifests what `kubernetes-validate --strict` says, for the tests, in one process.

Each line of stdin is a request {"objects": […], "version": "1.30"}; each gets one line of stdout: {"verdicts": […]}, for each
object null when it is taken, "unknown" when there is no schema for it, else why it is refused.
"""

import functools
import json
import sys

from kubernetes_validate import utils
from jsonschema.validators import Draft202012Validator

# The library reads the same few files again for each object, and indexes them again.
utils.schema_contents = functools.lru_cache(maxsize=None)(utils.schema_contents)
utils.all_versions = functools.lru_cache(maxsize=None)(utils.all_versions)


def verdict(thing, version):
    try:
        utils.validate(thing, version, strict=True)
    except utils.ValidationError as error:
        return ".".join(str(part) for part in error.path) + ": " + error.message[:200]
    except utils.SchemaNotFoundError:
        return "unknown"
    except Exception as error:
        # The command line refuses what it cannot check.
        return f"{type(error).__name__}: {error}"
    return None


for line in sys.stdin:
    request = json.loads(line)
    print(json.dumps({"verdicts": [verdict(thing, request["version"]) for thing in request["objects"]]}), flush=True)
