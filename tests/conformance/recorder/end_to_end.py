"""Real clients behind a real NAT and a real server: the table is lost, the clients come back from their old port.
What passed the NAT, on both sides of it, becomes a sequence like those that are injected."""

import os
import random
import socket
import time

from . import netlink, network, packets
from .nat import CONFIG, GATEWAY, OUTSIDE, SERVER, SERVER_PORT, DEFAULTS

CLIENTS = ["10.1.0.1", "10.1.0.2", "10.1.0.3"]
TCP_REPAIR = 19
PATIENCE = 4.0
OUTSTANDING = 100  # bytes that the server has sent when the table is lost, where it has any
WORD = 1 << 32


class Site:
    def __init__(self):
        network.check_machine()
        network.pin()
        self.inside, self.host, self.outside = (network.Namespace() for _ in range(3))
        network.wire(self.host, "inside", self.inside, "client")
        network.wire(self.host, "outside", self.outside, "server")
        network.address(self.host, "inside", GATEWAY + "/24")
        network.address(self.host, "outside", OUTSIDE + "/24")
        network.address(self.outside, "server", SERVER + "/24")
        for client in CLIENTS:
            network.address(self.inside, "client", client + "/24")
        with self.inside:
            network.run("ip", "route", "add", "default", "via", GATEWAY)
        for namespace in (self.inside, self.outside):
            for name in ("tcp_timestamps", "tcp_sack", "tcp_window_scaling", "tcp_ecn"):
                namespace.sysctl("net.ipv4." + name, 0)
            namespace.sysctl("net.ipv4.tcp_max_syn_backlog", 4096)
        self.host.sysctl("net.ipv4.ip_forward", 1)
        try:
            with self.host:
                netlink.Nftables().snat("10.1.0.0", socket.if_nametoindex("outside"), OUTSIDE)
                self.table = netlink.Conntrack()
                self.tap = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(network.ETH_P_ALL))
                self.tap.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        except OSError as error:
            raise network.Impossible("the kernel takes no NAT rule: %s" % error.strerror)
        with self.outside:
            self.listener = socket.socket()
            self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self.listener.bind((SERVER, SERVER_PORT))
            self.listener.listen(64)
            self.listener.setblocking(False)

    def configure(self, config):
        for name, value in {**DEFAULTS, **CONFIG, **config}.items():
            self.host.sysctl("net.netfilter.nf_conntrack_tcp_" + name, value)

    def client(self, address, port):
        with self.inside:
            s = socket.socket()
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.setblocking(False)
        s.bind((address, port))
        try:
            s.connect((SERVER, SERVER_PORT))
        except BlockingIOError:
            pass
        return s

    @staticmethod
    def connected(s, patience):
        end = time.monotonic() + patience
        while time.monotonic() < end:
            try:
                s.getpeername()
                return True
            except OSError:
                time.sleep(0.002)
        return False

    @staticmethod
    def vanish(s):
        """The socket is gone and nobody is told."""
        s.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, 1)
        s.close()

    def accepted(self):
        found = []
        while True:
            try:
                found.append(self.listener.accept()[0])
            except BlockingIOError:
                return found

    def watched(self):
        """All that the tap has seen: (time, interface, came in, segment)."""
        seen = []
        self.tap.setblocking(False)
        while True:
            try:
                data, (interface, protocol, kind, _, _) = self.tap.recvfrom(65536)
            except BlockingIOError:
                return seen
            segment = packets.parse(data) if protocol == network.ETH_P_IP else None
            if isinstance(segment, packets.Segment) and interface in ("inside", "outside"):
                seen.append((time.monotonic(), interface, kind != socket.PACKET_OUTGOING, segment))


def same(a, b):
    return (sorted(a.flags), a.seq, a.ack, a.length) == (sorted(b.flags), b.seq, b.ack, b.length)


def sequence(seen, clients, port):
    """Each segment that came to the NAT with what became of it."""
    steps = []
    ports = {}
    for index, (_, interface, came_in, s) in enumerate(seen):
        if not came_in:
            continue
        outbound = interface == "inside"
        after = [(i, t) for _, i, inn, t in seen[index + 1:] if not inn]
        out = next((t for i, t in after if i != interface and same(t, s)), None)
        if outbound:
            client = clients.index(s.source)
            if out and out.source == OUTSIDE:
                ports[out.sport] = client
        else:
            client = ports.get(s.dport, 0)
        step = {"dir": "orig" if outbound else "reply", "client": client, "flags": s.flags, "seq": s.seq,
                "ack": s.ack, "win": s.win, "len": s.length, "forwarded": out is not None,
                "source": out and out.source, "sport": out and out.sport, "destination": out and out.destination}
        if out is not None and not outbound:
            step["dport"] = out.dport
        steps.append(step)
    return steps


def old_connections(seen, clients):
    """Where the connections stood that are about to be forgotten: nothing but a handshake has passed."""
    old = []
    for client in clients:
        inside = next(s for _, i, came_in, s in seen if came_in and i == "inside" and s.source == client)
        outside = next(s for _, i, came_in, s in seen
                       if not came_in and i == "outside" and same(s, inside) and s.source == OUTSIDE)
        answer = next(s for _, _, came_in, s in seen if came_in and s.flags == "SA" and s.dport == outside.sport)
        old.append({"port": outside.sport, "snd_nxt": (inside.seq + 1) % WORD, "rcv_nxt": (answer.seq + 1) % WORD})
    return old


def record(site, seed, runs):
    rng = random.Random(seed)
    for number in range(runs):
        config = rng.choice([{}, {}, {"be_liberal": 1}, {"loose": 0}, {"ignore_invalid_rst": 1}, {"be_liberal": 1, "loose": 0}])
        count = rng.choice([1, 2, 2, 3, 3])
        data = rng.random() < 0.4
        clients, port = CLIENTS[:count], rng.randrange(665, 1023)
        site.configure(config)
        with site.host:
            site.table.flush()
        first = [site.client(address, port) for address in clients]
        if not all(site.connected(s, PATIENCE) for s in first):
            raise network.Impossible("the clients do not get through the NAT at all")
        before = old_connections(site.watched(), clients)
        old = site.accepted()
        if data:
            # Lost on its way, so that the server has to send it again.
            site.host.sysctl("net.ipv4.ip_forward", 0)
            for s in old:
                s.send(bytes(OUTSTANDING))
            time.sleep(0.005)
            site.watched()
        for s in first:
            site.vanish(s)
        with site.host:
            site.table.flush()
        if data:
            site.host.sysctl("net.ipv4.ip_forward", 1)
            # It sends again before the clients come back, or they reset it first.
            time.sleep(rng.choice([0, 0.3]))
        again, order = [], rng.sample(clients, count)
        for address in order:
            again.append(site.client(address, port))
            time.sleep(rng.choice([0, 0.002, 0.05]))
        recovered = [site.connected(s, PATIENCE) for s in again]
        time.sleep(0.01)
        steps = sequence(site.watched(), clients, port)
        for client, address in enumerate(clients):
            entry = site.table.entry(address, port, SERVER, SERVER_PORT)
            last = [s for s in steps if s["client"] == client]
            if last:
                last[-1]["entry"] = entry
        for s in again:
            site.vanish(s)
        new = site.accepted()
        with site.outside:
            for s in old + new:
                site.vanish(s)
        result = {"id": number, "seed": seed, "kernel": os.uname().release.split("-")[0],
                  "script": "end-to-end" + (", data outstanding" if data else "") + ("" if all(recovered) else ", not recovered"),
                  "config": {**CONFIG, **config}, "sport": port, "old": before,
                  "steps": steps}
        if count > 1:
            result["clients"] = clients
        yield result
