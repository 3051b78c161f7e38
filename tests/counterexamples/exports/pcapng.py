"""The capture as Wireshark reads it."""

import json
import subprocess

from common import HANG, check, equal, export, finish, need

need("tshark", "tshark")
capture = export(HANG, "pcapng", "hang.pcapng")
result = json.load(open(export(HANG, "json", "hang.json")))


def tshark(*arguments):
    done = subprocess.run(["tshark", "-r", capture, "-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE",
                           "-o", "tcp.relative_sequence_numbers:FALSE", *arguments],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    equal(done.returncode, 0, "tshark's exit status (%s)" % done.stderr.strip())
    return done.stdout.splitlines()


def count(expression):
    return len(tshark("-Y", expression))


total = count("frame")
check(total > 50, "there are packets: %d" % total)
equal(count("_ws.malformed"), 0, "malformed packets")
equal(count("ip.checksum.status == Good") or count("ip.checksum.status == 1"), total, "packets with a good IP checksum")
equal(count("tcp.checksum.status == Good") or count("tcp.checksum.status == 1"), total, "segments with a good checksum")
equal(count("frame.comment"), total, "packets with a comment")

# Wireshark sees the SYNs and resets that the model sent and delivered, with the model's numbers.
sightings = [s for step in result["trace"] for s in
             [*step["sent"], *([step["segment"]] if step["kind"] == "deliver" else [])]]
for letter, flag in (("S", "tcp.flags.syn == 1"), ("R", "tcp.flags.reset == 1")):
    ours = sorted(str(s["seq"]) for s in sightings if letter in s["flags"])
    seen = sorted(tshark("-Y", flag, "-T", "fields", "-e", "tcp.seq_raw"))
    equal(seen, ours, "numbers of segments with " + letter)
equal(count("tcp.flags.syn == 1 and tcp.flags.ack == 0 and tcp.analysis.retransmission") > 0, True,
      "Wireshark calls the SYNs that are sent again retransmissions")

names = tshark("-T", "fields", "-e", "frame.interface_name")
equal(sorted(set(names)), ["clientA", "headnode inside", "headnode outside", "nfs"], "interfaces")

# The leak: untranslated on the NAT's outside, never at the server.
leaks = tshark("-Y", "ip.src == 10.1.0.1 and frame.interface_name == \"headnode outside\"",
               "-T", "fields", "-e", "tcp.flags.str", "-e", "frame.comment")
equal(len(leaks), 7, "leaked segments outside")
check(all("R" in leak and "seen here last" in leak and "[out-of-window;" in leak for leak in leaks),
      "leaks are resets that say where they were last seen, and the rule: %s" % leaks[:1])
equal(count("ip.src == 10.1.0.1 and frame.interface_name == \"nfs\""), 0, "leaks at the server")

times = [float(t) for t in tshark("-T", "fields", "-e", "frame.time_epoch")]
equal(times, sorted(times), "times in order")
check(abs(times[0] - 181) < 0.001, "the first packet is at the model's 181 s: %s" % times[0])
finish()
