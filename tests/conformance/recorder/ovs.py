"""Open vSwitch's userspace connection tracker as the NAT between two wires: lib/conntrack.c with the `netdev` datapath.

ovsdb-server and ovs-vswitchd run for the recorder alone, in its own namespace and with all their files in a folder of
their own; a service of that name on this machine neither is needed nor notices."""

import ctypes
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from . import network, packets
from .nat import OUTSIDE, SERVER, SERVER_PORT, Wires

PROGRAMS = ["ovsdb-tool", "ovsdb-server", "ovs-vswitchd", "ovs-vsctl", "ovs-ofctl"]
# Debian and Fedora; without the folders of administrators PATH may lack them.
SBIN = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
SCHEMA = "/usr/share/openvswitch/vswitch.ovsschema"
ZONE = 1
PR_SET_PDEATHSIG = 1
PATIENCE = 10.0  # s, for a program to come up

# The NAT as flow tables usually make it: connections begin inside, what is +inv is dropped, the rest of a connection
# passes.  Marks are no TCP and pass untracked.
FLOWS = """
table=0,priority=2,ip,nw_proto=253,in_port=inside,actions=output:outside
table=0,priority=2,ip,nw_proto=253,in_port=outside,actions=output:inside
table=0,priority=1,tcp,actions=ct(table=1,zone={zone},nat)
table=0,priority=0,actions=drop
table=1,priority=2,ct_state=+trk+inv,actions=drop
table=1,priority=1,tcp,in_port=inside,ct_state=+trk+new,actions=ct(commit,zone={zone},nat(src={outside})),output:outside
table=1,priority=1,tcp,in_port=inside,ct_state=+trk+est,actions=output:outside
table=1,priority=1,tcp,in_port=outside,ct_state=+trk+est,actions=output:inside
table=1,priority=0,actions=drop
"""

# Time-outs by the names of policies, and of lib/conntrack-tp.c.
TIMERS = {"idle_first": "tcp_syn_sent", "idle_opening": "tcp_syn_recv", "idle_established": "tcp_established",
          "idle_closing": "tcp_fin_wait", "idle_fin_wait": "tcp_time_wait", "idle_closed": "tcp_close"}


class Switch:
    """ovsdb-server and ovs-vswitchd of our own in a namespace."""

    def __init__(self, namespace):
        for program in PROGRAMS:
            if shutil.which(program, path=SBIN) is None:
                raise network.Impossible("%s (package openvswitch-switch) is not installed" % program)
        if not os.path.exists("/dev/net/tun"):
            raise network.Impossible("/dev/net/tun is missing, which the bridge of a userspace datapath needs")
        self.folder = tempfile.TemporaryDirectory(prefix="halfopen-ovs-")
        self.environment = {**os.environ, "PATH": SBIN, **{name: self.folder.name for name in (
            "OVS_RUNDIR", "OVS_DBDIR", "OVS_LOGDIR", "OVS_SYSCONFDIR")}}
        self.database = "unix:" + self.at("db.sock")
        self.processes = []
        self.number = 0
        with namespace:
            self.call("ovsdb-tool", "create", self.at("conf.db"), SCHEMA)
            self.start("ovsdb-server", self.at("conf.db"), "--remote=p" + self.database, "--unixctl=" + self.at("db.ctl"))
            self.wait_for("db.sock")
            self.vsctl("--no-wait", "init")
            self.start("ovs-vswitchd", self.database, "--unixctl=" + self.at("switch.ctl"))
            self.wait_for("switch.ctl")
        self.control = socket.socket(socket.AF_UNIX)
        self.control.connect(self.at("switch.ctl"))

    def at(self, name):
        return os.path.join(self.folder.name, name)

    def call(self, *command, given=None):
        done = subprocess.run(command, env=self.environment, input=given, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=PATIENCE)
        if done.returncode:
            raise network.Impossible("%s: %s" % (command[0], done.stdout.strip()))
        return done.stdout

    def vsctl(self, *arguments):
        return self.call("ovs-vsctl", "--db=" + self.database, "--timeout=10", *arguments)

    def start(self, *command):
        everywhere = set(range(os.cpu_count() or 1))

        def prepare():
            # Ends with the recorder, however that ends; and need not share its processor.
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            try:
                os.sched_setaffinity(0, everywhere)
            except OSError:
                pass
        log = open(self.at(command[0] + ".log"), "w")
        self.processes.append(subprocess.Popen(command, env=self.environment, stdout=log, stderr=log,
                                               stdin=subprocess.DEVNULL, preexec_fn=prepare))

    def wait_for(self, name):
        end = time.monotonic() + PATIENCE
        while not os.path.exists(self.at(name)):
            if time.monotonic() > end or self.processes[-1].poll() is not None:
                with open(self.at(os.path.basename(self.processes[-1].args[0]) + ".log")) as log:
                    said = log.read().strip().splitlines()
                raise network.Impossible("%s does not run: %s" % (self.processes[-1].args[0], said[-1] if said else ""))
            time.sleep(0.01)

    def ask(self, method, *arguments):
        """What ovs-appctl does, on one connection."""
        self.number += 1
        self.control.sendall(json.dumps({"method": method, "params": arguments, "id": self.number}).encode())
        text = b""
        while True:
            part = self.control.recv(65536)
            if not part:
                raise network.Impossible("ovs-vswitchd has ended")
            text += part
            try:
                answer = json.loads(text)
            except ValueError:
                continue
            if answer.get("error"):
                raise network.Impossible("ovs-vswitchd: %s: %s" % (method, answer["error"]))
            return answer["result"] or ""

    def end(self):
        for process in reversed(self.processes):
            process.kill()
            process.wait()
        self.folder.cleanup()


class Nat(Wires):
    short_timers = {"idle_first": "2s", "idle_opening": "2s", "idle_established": "2s", "idle_closing": "2s",
                    "idle_fin_wait": "2s", "idle_closed": "1s"}

    def __init__(self):
        super().__init__()
        self.switch = Switch(self.host)
        try:
            version = self.switch.ask("version").split()[-1]
            self.kernel = "Open vSwitch " + version
            # Until lib/conntrack.c is swept: conn_expired() does not look at the translated tuple's own entry there.
            self.holds_ports = version.startswith(("3.0.", "3.1."))
            self.switch.vsctl("add-br", "nat", "--", "set", "bridge", "nat", "datapath_type=netdev", "fail-mode=secure",
                              "--", "add-port", "nat", "inside", "--", "add-port", "nat", "outside",
                              "--", "--id=@netdev", "create", "Datapath", "datapath_version=userspace",
                              "--", "set", "Open_vSwitch", ".", "datapaths:netdev=@netdev",
                              "other_config:max-idle=3600000")
            self.switch.call("ovs-ofctl", "add-flows", "unix:" + self.switch.at("nat.mgmt"), "-",
                             given=FLOWS.format(zone=ZONE, outside=OUTSIDE))
            self.timers = {}
            self.warm_up()
        except BaseException:
            self.switch.end()
            raise

    def begin(self, config, drops_invalid):
        """config: time-outs.  All else, and that what is +inv is dropped, is in the flow table and the same always."""
        timers = {name: value for name, value in config.items() if name in TIMERS}
        if timers != self.timers:
            if self.timers:
                self.switch.vsctl("del-zone-tp", "netdev", "zone=%d" % ZONE)
            if timers:
                self.switch.vsctl("add-zone-tp", "netdev", "zone=%d" % ZONE,
                                  *("%s=%s" % (TIMERS[name], value.rstrip("s")) for name, value in timers.items()))
            self.switch.ask("revalidator/purge")
            self.timers = timers
        self.switch.ask("dpctl/flush-conntrack")
        settings = {"settings": {"nat." + name: value for name, value in timers.items()}} if timers else {}
        return {"config": {}}, {**settings, **({"holds_ports": True} if self.holds_ports else {})}

    def inject(self, outbound, segment):
        through, back = super().inject(outbound, segment)
        # A mark may overtake a segment for which there is no flow yet, but not this question: both are the main thread's.
        self.entries = self.switch.ask("dpctl/dump-conntrack", "-m", "-s", "zone=%d" % ZONE)
        near, far = (self.client, self.server) if outbound else (self.server, self.client)
        through += [p for p in far.take_all() if isinstance(p, packets.Segment)]
        back += [p for p in near.take_all() if isinstance(p, packets.Segment)]
        return through, back

    def entry(self, client, port):
        """As after the last segment."""
        original = "orig=(src=%s,dst=%s,sport=%d,dport=%d)" % (client, SERVER, port, SERVER_PORT)
        for line in self.entries.splitlines():
            if not line.startswith("tcp,") or original not in line:
                continue
            sides = re.search(r"state_orig=(\w+),state_reply=(\w+)", line).groups()
            entry = {"sides": list(sides), "timeout": int(re.search(r"timeout=(\d+)", line).group(1))}
            return {**entry, "picked_up": True} if "BE_LIBERAL" in line else entry
        return None

    def end(self):
        self.switch.end()
