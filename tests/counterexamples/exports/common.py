"""What the tests of exported files have in common: results to export, and skipping where a tool is missing."""

import os
import shutil
import subprocess
import sys
import tempfile

PROGRAM = sys.argv[1]
FOLDER = tempfile.TemporaryDirectory()
HANG = ["founding", "--variant", "one-client"]
THIS_KERNEL = [word for node in ("client", "nat", "server") for word in ("--set", node + ".policy=linux-6.18")]
failures = []


def skip(reason):
    print("skipped:", reason)
    sys.exit(77)


def need(tool, package):
    path = shutil.which(tool)
    if not path:
        skip("%s is not installed (Debian package %s)" % (tool, package))
    return path


def path(name):
    return os.path.join(FOLDER.name, name)


def export(scenario, form, name):
    """The path of the trace of `halfopen check SCENARIO…` in a format."""
    done = subprocess.run([PROGRAM, "check", *scenario, "--no-corners", "--trace", form, "-o", path(name)],
                          stderr=subprocess.PIPE, text=True)
    if done.returncode not in (0, 1):
        sys.exit("halfopen: %d: %s" % (done.returncode, done.stderr))
    return path(name)


def check(true, what):
    if not true:
        failures.append(what)
        print("FAILED:", what)


def equal(got, wanted, what):
    check(got == wanted, "%s: %r, not %r" % (what, got, wanted))


def finish():
    print("%d failed" % len(failures) if failures else "all passed")
    sys.exit(1 if failures else 0)
