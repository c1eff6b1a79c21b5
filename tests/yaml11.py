"""Reads YAML as YAML 1.1 readers do, for the tests: a second opinion that shares no code with hzgchart.

Each line of stdin is a request {"text": …, "both": bool}; each gets one line of stdout:
{"documents": […]} without the empty ones, or {"error": …}. With "both", YAML 1.2 must agree.
"""

import json
import math
import re
import sys

import yaml

TAG = "tag:yaml.org,2002:"


class Untyped(yaml.CSafeLoader):
    """A loader that takes every plain scalar for a string and refuses what JSON cannot hold."""

    yaml_implicit_resolvers = {}

    def construct_mapping(self, node, deep=False):
        keys = set()
        for key_node, _ in node.value:
            if key_node.tag == TAG + "merge":
                continue
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str):
                raise yaml.constructor.ConstructorError(
                    None, None, f"a key is {key!r}, not a string", key_node.start_mark)
            if key in keys:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} stands twice", key_node.start_mark)
            keys.add(key)
        return super().construct_mapping(node, deep)


class Yaml11(Untyped):
    """Whatever any reader of YAML 1.1 takes for something else than a string, PyYAML and go-yaml
    together: y and n, and floats without a dot. Timestamps stay strings, as they do in Helm."""


class Yaml12(Untyped):
    """The core schema of YAML 1.2."""


def plain(loader, tag, pattern):
    loader.add_implicit_resolver(TAG + tag, re.compile(rf"^(?:{pattern})$"), None)


plain(Yaml11, "merge", "<<")
plain(Yaml11, "null", "~|null|Null|NULL|")
plain(Yaml11, "bool", "y|Y|n|N|" + "|".join(
    f"{word}|{word.capitalize()}|{word.upper()}" for word in "yes no on off true false".split()))
plain(Yaml11, "int", r"[-+]?0b[01_]+|[-+]?0o?[0-7_]+|[-+]?0x[0-9a-fA-F_]+|[-+]?(?:0|[1-9][0-9_]*)"
                     r"|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+")
plain(Yaml11, "float", r"[-+]?(?:\.[0-9][0-9_]*|[0-9][0-9_]*\.?[0-9_]*)(?:[eE][-+]?[0-9]+)?"
                       r"|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*"
                       r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")

plain(Yaml12, "null", "~|null|Null|NULL|")
plain(Yaml12, "bool", "true|True|TRUE|false|False|FALSE")
plain(Yaml12, "int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
plain(Yaml12, "float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
                       r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")


def construct_bool(loader, node):
    return loader.construct_scalar(node).lower() in ("y", "yes", "on", "true")


def construct_int(loader, node):
    text = loader.construct_scalar(node).replace("_", "")
    sign, digits = (-1, text[1:]) if text[0] == "-" else (1, text.lstrip("+"))
    if ":" in digits:
        total = 0
        for part in digits.split(":"):
            total = total * 60 + int(part)
        return sign * total
    if digits[:2] in ("0b", "0o", "0x"):
        return sign * int(digits, 0)
    if isinstance(loader, Yaml11) and len(digits) > 1 and digits[0] == "0":
        return sign * int(digits, 8)
    return sign * int(digits)


def construct_float(loader, node):
    text = loader.construct_scalar(node).replace("_", "").lower()
    if text.lstrip("+-") in (".inf", ".nan"):
        return {"not a number": text}
    if ":" in text:
        return {"sexagesimal": text}
    number = float(text)
    if not math.isfinite(number):
        return {"not a number": text}
    return int(number) if number.is_integer() else number


def construct_string(loader, node):
    return loader.construct_scalar(node)


for loader in (Yaml11, Yaml12):
    # `<<` merges only where a key stands; go-yaml itself writes it bare as a value.
    loader.add_constructor(TAG + "merge", construct_string)
    loader.add_constructor(TAG + "bool", construct_bool)
    loader.add_constructor(TAG + "int", construct_int)
    loader.add_constructor(TAG + "float", construct_float)


def read(text, loader):
    return [document for document in yaml.load_all(text, loader) if document is not None]


def answer(request):
    try:
        documents = read(request["text"], Yaml11)
        if request["both"] and read(request["text"], Yaml12) != documents:
            raise ValueError("YAML 1.1 and YAML 1.2 read this text differently")
        return json.dumps({"documents": documents}, allow_nan=False)
    except (yaml.YAMLError, RecursionError, TypeError, ValueError) as error:
        return json.dumps({"error": str(error)})


for line in sys.stdin:
    print(answer(json.loads(line)), flush=True)
