# SPDX-License-Identifier: Apache-2.0
"""Makes JSON schemas that kubeconform finds of what config/kubernetes/schemas has fetched: argument 1 is the folder."""

import json
import pathlib
import sys

VERSIONS = ("1.30", "1.34", "1.37")

folder = pathlib.Path(sys.argv[1])
crds = pathlib.Path(__file__).parent / "crds"


def strict(schema):
    """The schema, with unknown members refused at every level."""
    if isinstance(schema, list):
        return [strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: strict(value) for name, value in schema.items()}
    if "properties" in schema:
        made.setdefault("additionalProperties", False)
    return made


def custom():
    (folder / "crds").mkdir(exist_ok=True)
    for file in crds.glob("*.json"):
        spec = json.loads(file.read_text())["spec"]
        for version in spec["versions"]:
            group = spec["group"].split(".")[0]
            schema = strict(version["schema"]["openAPIV3Schema"])
            schema["properties"]["metadata"] = {"type": "object"}
            name = f"{spec['names']['singular']}-{group}-{version['name']}.json"
            (folder / "crds" / name).write_text(json.dumps(schema))


def kubernetes():
    source = folder / "package" / "kubernetes_validate" / "kubernetes-json-schema"
    for version in VERSIONS:
        target = folder / f"v{version}"
        if target.is_dir():
            continue
        found = [each for each in source.iterdir() if each.name.startswith(f"v{version}.") and each.name.endswith("-local-strict")]
        if len(found) != 1:
            sys.exit(f"schemas of Kubernetes {version}: found {[each.name for each in found]}")
        definitions = (found[0] / "_definitions.json").as_uri()
        target.mkdir()
        for file in found[0].glob("*.json"):
            (target / file.name).write_text(file.read_text().replace("/api/_definitions.json", definitions))


custom()
kubernetes()
