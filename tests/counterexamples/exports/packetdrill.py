"""packetdrill is not in Debian, so its scripts are held against its grammar (gtests/net/packetdrill/parser.y of
github.com/google/packetdrill), as far as these scripts use it; they are run where packetdrill is installed."""

import os
import re
import shutil
import subprocess

from common import HANG, THIS_KERNEL, check, export, finish

NUMBER = r"\d+"
TIME = r"(?:\+?\d+(?:\.\d+)?)"
OPTION = r"(?:mss \d+|nop|TS val \d+ ecr \d+)"
OPTIONS = r"(?: <(?:\.\.\.|%s(?:,%s)*)>)?" % (OPTION, OPTION)
PACKET = re.compile(r"%s [<>] (?:[SFRP.]+|-) (\d+):(\d+)\((\d+)\)(?: ack (\d+))?(?: win (\d+))?%s" % (TIME, OPTIONS))
CALL = re.compile(r"%s \w+\([^()]*\) = -?\d+(?: E[A-Z]+ \([\w ]+\))?" % TIME)
COMMENT = re.compile(r"//.*")
SWITCH = re.compile(r"--tolerance_usecs=\d+")


def check_script(file):
    calls = packets = 0
    for number, line in enumerate(open(file).read().splitlines()):
        where = "%s:%d: %s" % (os.path.basename(file), number + 1, line)
        if not line or COMMENT.fullmatch(line) or (number == 0 and SWITCH.fullmatch(line)):
            continue
        packet = PACKET.fullmatch(line)
        if packet:
            packets += 1
            first, last, length, ack, window = packet.groups()
            check((int(first) + int(length)) % 2**32 == int(last), where + ": numbers")
            check(all(int(n) < 2**32 for n in (first, last, ack or 0)), where + ": 32 bits")
            check(window is None or int(window) < 2**16, where + ": window")
            # The parser wants a window of segments that come in and takes none for others (parser.y, opt_window).
            check(" < " not in line or window is not None or re.search(r" < R", line), where + ": window of an inbound segment")
        else:
            calls += 1
            check(CALL.fullmatch(line), where + ": is of no known form")
    return calls, packets


for scenario in (HANG, [*HANG, *THIS_KERNEL], ["founding"], ["keepalive-refreshed"], ["paws-on-syn"]):
    folder = export(scenario, "packetdrill", "scripts" + str(abs(hash(str(scenario)))))
    scripts = sorted(os.listdir(folder))
    check(any(name == "clientA.pkt" for name in scripts) or scenario[0] != "founding", "a script for each endpoint: %s" % scripts)
    for name in scripts:
        calls, packets = check_script(os.path.join(folder, name))
        check(calls == 0 or calls >= 3, "%s opens a connection" % name)
        if shutil.which("packetdrill") and THIS_KERNEL[0] in scenario and os.geteuid() == 0:
            done = subprocess.run(["packetdrill", os.path.join(folder, name)], stderr=subprocess.PIPE, text=True)
            check(done.returncode == 0, "%s: %s" % (name, done.stderr))
finish()
