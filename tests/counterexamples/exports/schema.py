"""The JSON of `check` is what docs/result.schema.json says, and what is not is refused by it as well."""

import copy
import json
import os
import subprocess
import sys

from common import HANG, PROGRAM, check, export, finish, path, skip

try:
    import jsonschema
except ImportError:
    skip("python3-jsonschema is not installed")

schema = json.load(open(os.path.join(sys.argv[2], "docs", "result.schema.json")))
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)
scenarios = [HANG, ["founding"], ["paws-behind-nat"], ["ack-war"], ["tuple-collapse"], ["silent-server"]]
for scenario in scenarios:
    result = json.load(open(export(scenario, "json", "r.json")))
    for error in list(validator.iter_errors(result))[:3]:
        check(False, "%s: /%s: %s" % (scenario, "/".join(map(str, error.absolute_path)), error.message[:200]))
subprocess.run([PROGRAM, "check", "founding", "--max-depth", "3", "--format", "json", "-o", path("stopped.json")])
check(validator.is_valid(json.load(open(path("stopped.json")))), "a search that was stopped is a result")

result = json.load(open(export(HANG, "json", "r.json")))
for change in (lambda r: r.pop("verdict"), lambda r: r["trace"][0].pop("states"),
               lambda r: r["trace"][9]["segment"].update(seq=1 << 32), lambda r: r["trace"][9].update(kind="delivers"),
               lambda r: r["trace"][9]["segment"].update(source="10.1.0.1"), lambda r: r["nodes"][0].update(port=65536)):
    wrong = copy.deepcopy(result)
    change(wrong)
    check(not validator.is_valid(wrong), "a wrong result is refused")

schema_of_proofs = json.load(open(os.path.join(sys.argv[2], "docs", "proof.schema.json")))
jsonschema.Draft7Validator.check_schema(schema_of_proofs)
story = ["title", "nodes", "fault", "columns", "initial", "loop_start", "trace"]
schema_of_runs = dict(schema, required=story, properties={key: schema["properties"][key] for key in story})
schema_of_runs.pop("additionalProperties", None)
outcomes = set()
for more, status in ((["--fix", "challenge-ack-repair", "--from", "server in SYN_RCVD"], 1),
                     (["--fix", "teardown", "--from", "server in ESTABLISHED"], 1), (["--timeout", "1ms"], 3)):
    done = subprocess.run([PROGRAM, "prove", "founding", "--format", "json", "--quiet", *more], capture_output=True)
    check(done.returncode == status, "%s: exit status %d" % (more, done.returncode))
    proof = json.loads(done.stdout)
    for error in list(jsonschema.Draft7Validator(schema_of_proofs).iter_errors(proof))[:3]:
        check(False, "prove %s: /%s: %s" % (more, "/".join(map(str, error.absolute_path)), error.message[:200]))
    for replay in proof["replays"]:
        outcomes.add(replay["outcome"])
        if replay["run"]:
            for error in list(jsonschema.Draft7Validator(schema_of_runs).iter_errors(replay["run"]))[:3]:
                check(False, "the run of a replay: /%s: %s" % ("/".join(map(str, error.absolute_path)), error.message))
check("found" in outcomes, "a counterexample is shown as a run")
finish()
