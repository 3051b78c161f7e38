"""A real Linux NAT between two wires whose loose ends are held by hand."""

import os
import socket
import time

from . import netlink, network, packets

CLIENTS = ["10.1.0.1", "10.1.0.2"]
GATEWAY, OUTSIDE, SERVER, SERVER_PORT = "10.1.0.254", "192.0.2.1", "192.0.2.2", 2049
# Marks have addresses of their own: those of one direction must not answer those of the other.
MARK_SOURCE, MARK_TARGET = "10.1.0.200", "10.1.0.201"
CONFIG = {"be_liberal": 0, "ignore_invalid_rst": 0, "loose": 1}
# The kernel's other settings; a sequence that changes one says so in its config.
DEFAULTS = {"max_retrans": 3, "timeout_syn_sent": 120, "timeout_syn_recv": 60, "timeout_established": 432000,
            "timeout_fin_wait": 120, "timeout_close_wait": 60, "timeout_last_ack": 30, "timeout_time_wait": 120,
            "timeout_close": 10, "timeout_max_retrans": 300, "timeout_unacknowledged": 300}
SECOND = 1.0
LATE = 1.0  # s; the kernel shows whole seconds, rounded down


class Wires:
    """What every NAT under test has in common: two wires, whose loose ends are held by hand.  A NAT has besides:

    kernel           what it is, for the vectors
    begin(...)       an empty table and these settings; gives what the vectors say of them
    entry(...)       a client's entry, as the vectors show it, or None
    short_timers     settings with which all timers run out within 2 s"""

    def __init__(self):
        network.check_machine()
        network.pin()
        self.host = network.Namespace()
        self.loose = network.Namespace()
        self.inside_mac, self.client_mac = network.wire(self.host, "inside", self.loose, "client")
        self.outside_mac, self.server_mac = network.wire(self.host, "outside", self.loose, "server")
        self.client = network.Port(self.loose, "client", self.inside_mac)
        self.server = network.Port(self.loose, "server", self.outside_mac)
        self.marks = 0

    def warm_up(self):
        """The first packets of all may still wait for the links to come up."""
        for _ in range(50):
            try:
                self.mark(True)
                self.mark(False)
                break
            except network.Impossible:
                continue

    def mark(self, outbound):
        """Sends a packet behind the segment and waits until it is through: then so is the segment.  Returns what came
        out before it."""
        self.marks += 1
        near, far = (self.client, self.server) if outbound else (self.server, self.client)
        source, destination = (MARK_SOURCE, SERVER) if outbound else (SERVER, MARK_TARGET)
        near.send(packets.mark_packet(source, destination, self.marks))
        end, found = time.monotonic() + SECOND, []
        while True:
            packet = far.take(end)
            if packet is None:
                raise network.Impossible("nothing gets through the NAT")
            if packet == ("mark", self.marks):
                return found
            if isinstance(packet, packets.Segment):
                found.append(packet)

    def inject(self, outbound, segment):
        """What came out on the other side, and what came back on the same side."""
        near = self.client if outbound else self.server
        near.send(packets.tcp_packet(segment))
        through = self.mark(outbound)
        back = [p for p in near.take_all() if isinstance(p, packets.Segment)]
        return through, back


class Nat(Wires):
    """Linux."""

    kernel = os.uname().release.split("-")[0]
    short_timers = {**{name: "2s" for name in ("timeout_syn_sent", "timeout_syn_recv", "timeout_established",
                                               "timeout_fin_wait", "timeout_close_wait", "timeout_last_ack",
                                               "timeout_time_wait")}, "timeout_close": "1s"}

    def __init__(self):
        super().__init__()
        network.address(self.host, "inside", GATEWAY + "/24")
        network.address(self.host, "outside", OUTSIDE + "/24")
        for client in [*CLIENTS, MARK_TARGET]:
            network.neighbour(self.host, "inside", client, self.client_mac)
        network.neighbour(self.host, "outside", SERVER, self.server_mac)
        self.host.sysctl("net.ipv4.ip_forward", 1)
        for interface in ("all", "inside", "outside"):
            self.host.sysctl("net.ipv4.conf.%s.rp_filter" % interface, 0)
        try:
            with self.host:
                self.rules = netlink.Nftables()
                self.rules.snat("10.1.0.0", socket.if_nametoindex("outside"), OUTSIDE)
                self.table = netlink.Conntrack()
        except OSError as error:
            raise network.Impossible("the kernel takes no NAT rule (nf_tables, nft_chain_nat, nf_conntrack): %s" %
                                     error.strerror)
        self.settings = {}
        self.warm_up()
        self.flush()

    def begin(self, config, drops_invalid):
        config = {**CONFIG, **config}
        self.configure(config)
        self.rules.drop_invalid(drops_invalid)
        self.flush()
        return {"config": config}, {"settings": {"nat.invalid": "dropped"}} if drops_invalid else {}

    def entry(self, client, port):
        return self.table.entry(client, port, SERVER, SERVER_PORT)

    def configure(self, config):
        """config: as in the vectors; sysctls without their prefix, times as "2s"."""
        for name, value in {**DEFAULTS, **CONFIG, **config}.items():
            value = str(value).rstrip("s")
            if self.settings.get(name) != value:
                self.host.sysctl("net.netfilter.nf_conntrack_tcp_" + name, value)
                self.settings[name] = value

    def flush(self):
        with self.host:
            self.table.flush()


class Sequence:
    """One sequence on an empty table: injects and writes down."""

    def __init__(self, nat, name, number, seed, port, config=None, clients=1, timed=False, drops_invalid=False):
        self.nat, self.clients, self.timed = nat, clients, timed
        described, besides = nat.begin(config or {}, drops_invalid)
        self.ports = [port] * clients
        self.record = {"id": number, "seed": seed, "kernel": nat.kernel, "script": name, **described, "sport": port,
                       "steps": [], **besides}
        if clients > 1:
            self.record["clients"] = CLIENTS[:clients]
        self.began = None

    def step(self, outbound, flags, seq, ack, win=65535, length=0, client=0):
        seq, ack = seq & 0xFFFFFFFF, ack & 0xFFFFFFFF
        port = self.record["sport"]
        if outbound:
            segment = packets.Segment(CLIENTS[client], port, SERVER, SERVER_PORT, flags, seq, ack, win, length)
        else:
            segment = packets.Segment(SERVER, SERVER_PORT, OUTSIDE, self.ports[client], flags, seq, ack, win, length)
        self.began = self.began or time.monotonic()
        step = {"dir": "orig" if outbound else "reply"}
        if client:
            step["client"] = client
        if self.timed:
            step["at"] = round((time.monotonic() - self.began) * 1000)
        step.update(flags=flags, seq=seq, ack=ack, win=win, len=length)
        through, back = self.nat.inject(outbound, segment)
        if len(through) > 1:
            raise network.Impossible("a segment came out %d times" % len(through))
        out = through[0] if through else None
        step.update(forwarded=out is not None, source=out and out.source, sport=out and out.sport,
                    destination=out and out.destination)
        if out is not None:
            for name in ("flags", "seq", "ack", "win", "length"):
                if sorted(str(getattr(out, name))) != sorted(str(getattr(segment, name))):
                    raise network.Impossible("the NAT changed %s of a segment" % name)
            if outbound and out.source == OUTSIDE:
                self.ports[client] = out.sport
            if not outbound:
                step["dport"] = out.dport
        step["entry"] = self.nat.entry(CLIENTS[client], port)
        if out is None or back:
            step["answer"] = [{"flags": p.flags, "seq": p.seq, "ack": p.ack, "len": p.length} for p in back]
        if not self.timed and time.monotonic() - self.began > LATE:
            self.record["late"] = True  # the machine stood still: time has passed, and nobody knows when
        self.record["steps"].append(step)
        return step
