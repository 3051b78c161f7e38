"""Real clients behind a real NAT and a real server: the table is lost, the clients come back from their old port.
What passed the NAT, on both sides of it, becomes a sequence like those that are injected.  What else was the case is
written down in the words of scenario files ("settings")."""

import os
import random
import socket
import struct
import time

from . import netlink, network, packets
from .nat import CONFIG, GATEWAY, OUTSIDE, SERVER, SERVER_PORT, DEFAULTS

CLIENTS = ["10.1.0.1", "10.1.0.2", "10.1.0.3"]
TCP_REPAIR = 19
PATIENCE = 4.0
OUTSTANDING = 100  # bytes that the server has sent when the table is lost, where it has any
NOBODY = "02:00:00:00:00:01"  # whose frames the server does not take
STORIES = ["plain", "plain", "plain", "data outstanding", "data outstanding", "keepalive", "keepalive", "gives up", "kept", "kept"]
# A connect() that is given up: SYN, SYN after 1 s, and no more after 2 s; the next one 1 s later.
GIVES_UP = {"tcp_syn_retries": 1, "tcp_syn_linear_timeouts": 0}
NEVER_MIND = {"tcp_syn_retries": 6, "tcp_syn_linear_timeouts": 4}
PAUSE = 1.0
WRITTEN = 100  # bytes that a client writes which has not noticed anything
FRESH = 0.2  # s for which an entry is as its last segment left it
WATCHED = 2.5  # s for which those are watched: two that have each other's port come to no end
WORD = 1 << 32


class Site:
    def __init__(self):
        network.check_machine()
        network.pin()
        self.inside, self.host, self.outside = (network.Namespace() for _ in range(3))
        network.wire(self.host, "inside", self.inside, "client")
        _, self.server_mac = network.wire(self.host, "outside", self.outside, "server")
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
                self.rules = netlink.Nftables()
                self.rules.snat("10.1.0.0", socket.if_nametoindex("outside"), OUTSIDE)
                self.table = netlink.Conntrack()
                self.tap = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(network.ETH_P_ALL))
                self.tap.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
                self.tap.setsockopt(socket.SOL_SOCKET, network.SO_TIMESTAMPNS, 1)
        except OSError as error:
            raise network.Impossible("the kernel takes no NAT rule: %s" % error.strerror)
        with self.outside:
            self.listener = socket.socket()
            self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self.listener.bind((SERVER, SERVER_PORT))
            self.listener.listen(64)
            self.listener.setblocking(False)

        time.sleep(0.1)  # the kernel begins to stamp packets when it finds the time

    def keepalive(self, on):
        """Of what the listener accepts: a probe after 1 s of silence, another 1 s later, and an end after 1 s more."""
        for option in (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL):
            self.listener.setsockopt(socket.IPPROTO_TCP, option, 1)
        self.listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 2)
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, on)

    def lose_what_leaves(self, lost):
        """All that the NAT sends to the server, behind the NAT."""
        network.neighbour(self.host, "outside", SERVER, NOBODY if lost else self.server_mac)

    def impatience(self, sysctls):
        for name, value in sysctls.items():
            self.inside.sysctl("net.ipv4." + name, value)

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

    @staticmethod
    def all_acknowledged(s):
        """ESTABLISHED, and nothing is outstanding (struct tcp_info: tcpi_state, tcpi_unacked)."""
        info = s.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104)
        return info[0] == 1 and struct.unpack("=I", info[24:28])[0] == 0

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
                data, notes, _, (interface, protocol, kind, _, _) = self.tap.recvmsg(65536, 64)
            except BlockingIOError:
                return seen
            segment = packets.parse(data) if protocol == network.ETH_P_IP else None
            if isinstance(segment, packets.Segment) and interface in ("inside", "outside"):
                seen.append((network.arrival(notes), interface, kind != socket.PACKET_OUTGOING, segment))


def same(a, b):
    return (sorted(a.flags), a.seq, a.ack, a.length) == (sorted(b.flags), b.seq, b.ack, b.length)


def sequence(seen, clients, port):
    """Each segment that came to the NAT with what became of it."""
    steps = []
    ports = {}
    began = seen[0][0] if seen else 0
    for index, (at, interface, came_in, s) in enumerate(seen):
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
        step = {"dir": "orig" if outbound else "reply", "client": client, "at": round(1000 * (at - began)), "flags": s.flags, "seq": s.seq,
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


def given_up(attempts):
    """Waits until each connect() has failed; when each did."""
    ends = {}
    end = time.monotonic() + 2 * PATIENCE
    while len(ends) < len(attempts) and time.monotonic() < end:
        for s in attempts:
            if s not in ends and s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                ends[s] = time.monotonic()
        time.sleep(0.002)
    if len(ends) < len(attempts):
        raise network.Impossible("a connect() that nobody answers does not end")
    return [ends[s] for s in attempts]


def come_back(site, rng, order, port, story):
    """The clients connect again, one after the other."""
    if story != "gives up":
        again = []
        for address in order:
            again.append(site.client(address, port))
            time.sleep(rng.choice([0, 0.002, 0.05]))
        return again
    site.impatience(GIVES_UP)
    site.lose_what_leaves(True)
    attempts = []
    for address in order:
        attempts.append(site.client(address, port))
        time.sleep(rng.choice([0.002, 0.05]))
    ends = given_up(attempts)
    site.lose_what_leaves(False)
    site.impatience(NEVER_MIND)
    again = []
    for s, address, end in zip(attempts, order, ends):
        s.close()
        time.sleep(max(0, end + PAUSE - time.monotonic()))
        again.append(site.client(address, port))
    return again


def write_on(site, rng, kept, order, port):
    """The clients go on writing; who is reset connects again.  Their sockets, and whether all got through."""
    sockets, due = dict(kept), {}
    for address in order:
        sockets[address].send(bytes(WRITTEN))
        time.sleep(rng.choice([0, 0.002, 0.05]))
    end = time.monotonic() + WATCHED
    while time.monotonic() < end:
        for address, s in sockets.items():
            if address in due:
                if time.monotonic() >= due[address]:
                    del due[address]
                    sockets[address] = site.client(address, port)
            elif s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                s.close()
                due[address] = time.monotonic() + PAUSE
        if not due and all(site.all_acknowledged(s) for s in sockets.values()):
            return list(sockets.values()), True
        time.sleep(0.002)
    return [s for address, s in sockets.items() if address not in due], False


def settings_of(story, count, silence, drops_invalid):
    """The run in the words of a scenario file."""
    began = round(1000 * silence)
    said = {"client.reconnect_at": ",".join("%dms" % (began + offset) for offset in (0, 2, 4, 50, 52, 100))}
    if drops_invalid:
        said["nat.invalid"] = "dropped"
    if story == "data outstanding":
        said["server.data"] = "unacknowledged"
    if story == "keepalive":
        said.update({"server.keepalive": True, "server.keepalive_idle": "1s", "server.keepalive_interval": "1s",
                     "server.keepalive_count": 2})
    if story == "kept":
        said.update({"client.old_connection": "kept", "client.reconnect_delay": "1s", "client.isn": "random"})
    if story == "gives up":
        # Real clocks are not as exact as the model's: the second ISN is taken from the recording too.
        said.update({"client.syn_retransmit": "1s,2s", "client.reconnect_delay": "1s", "client.isn": "random",
                     "network.loss": 2 * count})
    return said


def record(site, seed, runs):
    rng = random.Random(seed)
    for number in range(runs):
        config = rng.choice([{}, {}, {"be_liberal": 1}, {"loose": 0}, {"ignore_invalid_rst": 1}, {"be_liberal": 1, "loose": 0}])
        count = rng.choice([1, 2, 2, 3, 3])
        story = rng.choice(STORIES)
        drops_invalid = rng.random() < 0.4
        # The server sends again or probes before the clients come back, or they reset it first.
        silence = {"data outstanding": [0, 0.3], "keepalive": [0, 1.5, 2.5, 3.5]}.get(story, [0])
        silence = rng.choice(silence)
        clients, port = CLIENTS[:count], rng.randrange(665, 1023)
        site.configure(config)
        site.rules.drop_invalid(drops_invalid)
        site.keepalive(story == "keepalive")
        with site.host:
            site.table.flush()
        first = [site.client(address, port) for address in clients]
        if not all(site.connected(s, PATIENCE) for s in first):
            raise network.Impossible("the clients do not get through the NAT at all")
        before = old_connections(site.watched(), clients)
        old = site.accepted()
        if story == "data outstanding":
            # Lost on its way, so that the server has to send it again.
            site.host.sysctl("net.ipv4.ip_forward", 0)
            for s in old:
                s.send(bytes(OUTSTANDING))
            time.sleep(0.005)
            site.watched()
            for connection in before:
                connection["server_snd_nxt"] = (connection["rcv_nxt"] + OUTSTANDING) % WORD
        if story != "kept":
            for s in first:
                site.vanish(s)
        with site.host:
            site.table.flush()
        if story == "data outstanding":
            site.host.sysctl("net.ipv4.ip_forward", 1)
        time.sleep(silence)
        order = rng.sample(clients, count)
        if story == "kept":
            again, recovered = write_on(site, rng, zip(clients, first), order, port)
        else:
            again = come_back(site, rng, order, port, story)
            recovered = all([site.connected(s, PATIENCE) for s in again])
        time.sleep(0.01)
        seen = site.watched()
        steps = sequence(seen, clients, port)
        for client, address in enumerate(clients):
            entry = site.table.entry(address, port, SERVER, SERVER_PORT)
            last = [s for s in steps if s["client"] == client]
            # Later its timers have run on.
            if last and time.monotonic() - seen[0][0] - last[-1]["at"] / 1000 < FRESH:
                last[-1]["entry"] = entry
        for s in again:
            site.vanish(s)
        new = site.accepted()
        with site.outside:
            for s in old + new:
                site.vanish(s)
        result = {"id": number, "seed": seed, "kernel": os.uname().release.split("-")[0],
                  "script": "end-to-end, " + story, "recovered": recovered,
                  "config": {**CONFIG, **config}, "settings": settings_of(story, count, silence, drops_invalid),
                  "sport": port, "old": before, "steps": steps}
        if count > 1:
            result["clients"] = clients
        yield result
