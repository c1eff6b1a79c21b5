"""Makes kubernetes/types.txt and kubernetes/kinds.txt, the tables that the checker of Kubernetes' types reads.

    .tools/python/bin/python scripts/kubernetes-types.py           writes both
    .tools/python/bin/python scripts/kubernetes-types.py --check   exits with 1 when they are not what it would write

What goes in: the official schemas of each version, as the Python package `kubernetes-validate` carries them, and two lists
kept by hand: kubernetes/formats.txt (what the API server asks of a value beyond its type) and kubernetes/removed.txt
(kinds that were gone before the oldest version). docs/kubernetes.md tells the forms.
"""

import json
import pathlib
import re
import sys

import kubernetes_validate

FOLDER = pathlib.Path(__file__).parent.parent / "kubernetes"
SCHEMAS = pathlib.Path(kubernetes_validate.__file__).parent / "kubernetes-json-schema"
FIRST, LAST = 25, 37

# Types that are not taken apart: what their schema says, or fails to say, the checker knows by these names.
PLAIN = {
    "meta.v1.FieldsV1": "object",
    "meta.v1.MicroTime": "micro-time",
    "meta.v1.Time": "time",
    "api.resource.Quantity": "quantity",
    "util.intstr.IntOrString": "int-or-string",
    "pkg.runtime.RawExtension": "object",
    "apiextensions.v1.CustomResourceSubresourceStatus": "object",
    "apiextensions.v1.JSON": "any",
    "apiextensions.v1.JSONSchemaPropsOrArray": "any",
    "apiextensions.v1.JSONSchemaPropsOrBool": "any",
    "apiextensions.v1.JSONSchemaPropsOrStringArray": "any",
}
SCALARS = {
    ("string", None): "string",
    ("string", "byte"): "base64",
    ("boolean", None): "boolean",
    ("integer", "int32"): "int32",
    ("integer", "int64"): "int64",
    ("number", "double"): "number",
}


def short(name):
    """`io.k8s.api.core.v1.Pod` is `core.v1.Pod`; the last three parts tell all types apart."""
    return ".".join(name.split("/")[-1].split(".")[-3:])


def type_of(schema):
    if "$ref" in schema:
        name = short(schema["$ref"])
        return PLAIN.get(name, name)
    kind = schema["type"]
    if isinstance(kind, list):
        kind = next(one for one in kind if one != "null")
    if kind == "array":
        return "[]" + type_of(schema["items"])
    if kind == "object":
        return "{}" + type_of(schema["additionalProperties"])
    return SCALARS[kind, schema.get("format")]


def keys_of(schema):
    """The keys by which server-side apply tells the items of a list apart; `%` alone for a list of unlike scalars."""
    if schema.get("x-kubernetes-list-type") == "set":
        return " %"
    keys = schema.get("x-kubernetes-list-map-keys")
    if not keys and schema.get("x-kubernetes-list-type") != "atomic" and "items" in schema:
        # Up to 1.29 the schemas name the merge key only; server-side apply goes by it then.
        keys = [schema[name] for name in ["x-kubernetes-patch-merge-key"] if name in schema]
    return " %" + ",".join(keys) if keys else ""


def between(first, last, whole=(FIRST, LAST)):
    return "" if (first, last) == whole else f" @{first}-{last}"


def hand_kept(name):
    for line in (FOLDER / name).read_text().splitlines():
        if line and not line.startswith("//"):
            yield line


def formats():
    """What formats.txt adds to the fields of types: (type, field) → token."""
    added, types = {}, []
    for line in hand_kept("formats.txt"):
        if line.startswith(" "):
            field, token = line.split()
            for name in types:
                added[name, field] = " " + token
        else:
            types = line.split()
    return added


class Spans:
    """What was said of a thing, and in which versions."""

    def __init__(self):
        self.said = {}

    def add(self, what, version):
        first, last = self.said.get(what, (version, version - 1))
        if last != version - 1:
            sys.exit(f"{what} went and came back at 1.{version}: the table has no words for that")
        self.said[what] = (first, version)

    def whole(self):
        return min(first for first, _ in self.said.values()), max(last for _, last in self.said.values())

    def __iter__(self):
        return iter(sorted(self.said.items(), key=lambda item: item[1]))


def read():
    types, fields, kinds = {}, {}, {}
    for version in range(FIRST, LAST + 1):
        file = SCHEMAS / f"v1.{version}.0-local" / "_definitions.json"
        definitions = {short(name): schema for name, schema in json.loads(file.read_text())["$defs"].items()}
        reached, todo = set(), []
        for name, schema in definitions.items():
            for kind in schema.get("x-kubernetes-group-version-kind", []):
                # DeleteOptions, WatchEvent and the like go with requests; nobody applies them.
                if name.startswith(("meta.v1.", "pkg.")) or "kind" not in schema["properties"]:
                    continue
                api = "/".join(part for part in [kind["group"], kind["version"]] if part)
                kinds.setdefault((kind["kind"], api, name), Spans()).add("", version)
                todo.append(name)
        while todo:
            name = todo.pop()
            if name in reached or name not in definitions:
                continue
            reached.add(name)
            types.setdefault(name, Spans()).add("", version)
            schema = definitions[name]
            for field, value in schema.get("properties", {}).items():
                needed = "!" if field in schema.get("required", []) else ""
                kind = type_of(value)
                said = f"{field}{needed} {kind}{keys_of(value)}"
                fields.setdefault(name, {}).setdefault(field, Spans()).add(said, version)
                todo.append(re.sub(r"^(\[\]|\{\})*", "", kind))
    return types, fields, kinds


def make():
    types, fields, kinds = read()
    added, cluster = formats(), set(hand_kept("cluster-scoped.txt"))
    lines = []
    for name in sorted(types):
        whole = types[name].whole()
        lines.append("# " + name + between(*whole))
        for field in sorted(fields.get(name, {})):
            extra = added.pop((name, field), "")
            lines += [f" {said}{extra}{between(*span, whole)}" for said, span in fields[name][field]]
    if added:
        sys.exit(f"formats.txt names fields that no version has: {sorted(added)}")
    rows = []
    for (kind, api, name), spans in kinds.items():
        scope = "cluster" if f"{kind} {api.rpartition('/')[0]}".strip() in cluster else "namespace"
        rows.append(f"{api}/{kind} {name} {scope} {'%d-%d' % spans.whole()}")
    for line in hand_kept("removed.txt"):
        kind, api, last = line.split()
        rows.append(f"{api}/{kind} - - 0-{last}")
    names = {row.split()[0].rpartition("/")[2] for row in rows}
    unknown = [line for line in cluster if line.split()[0] not in names]
    if unknown:
        sys.exit(f"cluster-scoped.txt names kinds that no version has: {unknown}")
    return {"types.txt": "\n".join(lines) + "\n", "kinds.txt": "".join(f"{row}\n" for row in sorted(rows, key=lambda row: row.split()[0]))}


def main():
    made = make()
    if sys.argv[1:] == ["--check"]:
        for name, text in made.items():
            if (FOLDER / name).read_text() != text:
                sys.exit(f"kubernetes/{name} is not what scripts/kubernetes-types.py makes: run it")
        return
    for name, text in made.items():
        (FOLDER / name).write_text(text)


main()
