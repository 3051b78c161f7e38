"""A real Linux TCP at one end of a wire, the other end held by hand."""

import os
import socket
import struct
import time

from . import netlink, network, packets

LOCAL, LOCAL_PORT, PEER = "192.0.2.2", 2049, "192.0.2.1"
SOCKET_OPTIONS = {"keepalive", "keepalive_idle", "keepalive_interval", "keepalive_count"}
# Policy parameter -> sysctl and its unit in ms (0: a plain number).
SYSCTLS = {"tcp_invalid_ratelimit": ("tcp_invalid_ratelimit", 1), "fin_wait_2": ("tcp_fin_timeout", 1000),
           "tcp_rfc1337": ("tcp_rfc1337", 0), "timestamps": ("tcp_timestamps", 0)}
DEFAULTS = {"tcp_invalid_ratelimit": 0, "fin_wait_2": 60000, "tcp_rfc1337": 0, "timestamps": False}
SECOND = 1.0
PROMPT_MS, DISTURBED_MS = 5, 20
PATIENCE = 0.25  # text and FINs are acknowledged after TCP_DELACK_MAX, 200 ms, at the latest


class Endpoint:
    def __init__(self):
        network.check_machine()
        network.pin()
        self.host = network.Namespace()
        self.loose = network.Namespace()
        host_mac, peer_mac = network.wire(self.host, "wire", self.loose, "peer")
        network.address(self.host, "wire", LOCAL + "/24")
        network.neighbour(self.host, "wire", PEER, peer_mac)
        for name, value in {"tcp_sack": 0, "tcp_window_scaling": 0, "tcp_ecn": 0,
                            "tcp_moderate_rcvbuf": 0, "tcp_max_tw_buckets": 262144, "tcp_max_syn_backlog": 4096,
                            "tcp_syncookies": 0, "tcp_no_metrics_save": 1}.items():
            self.host.sysctl("net.ipv4." + name, value)
        self.port = network.Port(self.loose, "peer", host_mac)
        self.settings, self.marks = {}, 0
        self.configure({})
        with self.host:
            self.diag = netlink.SocketDiag()
            self.listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self.listener.bind((LOCAL, LOCAL_PORT))
            self.listener.listen(1024)
            self.listener.setblocking(False)
        for _ in range(50):
            try:
                self.mark()
                break
            except network.Impossible:
                continue

    def configure(self, config):
        for name, value in {**DEFAULTS, **config}.items():
            if name in SOCKET_OPTIONS or self.settings.get(name) == value:
                continue
            sysctl, unit = SYSCTLS[name]
            self.host.sysctl("net.ipv4." + sysctl, int(value) // unit if unit else int(value))
            self.settings[name] = value

    def mark(self):
        """Waits until the endpoint has answered everything so far; returns what it sent."""
        self.marks += 1
        self.port.send(packets.echo_packet(PEER, LOCAL, self.marks))
        end, found = time.monotonic() + SECOND, []
        while True:
            packet = self.port.take(end)
            if packet is None:
                raise network.Impossible("the endpoint does not answer")
            if packet == ("echo", self.marks):
                return found
            if isinstance(packet, packets.Segment):
                found.append((self.port.arrived, packet))

    def keepalive(self, config):
        """What an accepted socket inherits."""
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, bool(config.get("keepalive")))
        for name, option, unit in (("keepalive_idle", socket.TCP_KEEPIDLE, 1000),
                                   ("keepalive_interval", socket.TCP_KEEPINTVL, 1000),
                                   ("keepalive_count", socket.TCP_KEEPCNT, 1)):
            if name in config:
                self.listener.setsockopt(socket.IPPROTO_TCP, option, config[name] // unit)


class Connection:
    """One connection from its first segment on: makes it, sends to it and writes down."""

    ports = iter(())

    def __init__(self, endpoint, name, number, seed, end="passive", config=None, iss=0, win=64240):
        self.e, self.end, self.win = endpoint, end, win
        self.config = {"tcp_invalid_ratelimit": 0, **(config or {})}
        endpoint.configure(self.config)
        endpoint.keepalive(self.config)
        endpoint.port.take_all()
        try:
            self.peer_port = next(Connection.ports)
        except StopIteration:
            Connection.ports = iter(range(10000, 65000))
            self.peer_port = next(Connection.ports)
        self.local_port = LOCAL_PORT
        self.socket = None
        self.disturbed = False  # this process stood still while it sent: nobody knows when the segment arrived
        # As the peer would hold them.
        self.snd, self.rcv, self.iss, self.irs = iss, None, iss, None
        # The newest time stamps that it sent and heard; None: its segments carry none.
        self.stamp, self.echo = None, 0
        # TSvals of its SYNs and SYN-ACKs; its clock less ours, in ms.
        self.syn_stamps, self.clock_offset = [], None
        self.began = time.monotonic()
        self.record = {"id": number, "seed": seed, "kernel": os.uname().release.split("-")[0], "script": name,
                       "config": self.config, "end": end, "steps": []}

    def now(self):
        return round((time.monotonic() - self.began) * 1000)

    def its_clock(self):
        """What its TSval would be now; None before it has told one."""
        return None if self.clock_offset is None else round(time.monotonic() * 1000) + self.clock_offset & 0xFFFFFFFF

    def observe(self, step, wait=0.0):
        """Takes down the answers and the state after; wait: how long to listen, in s."""
        end = time.monotonic() + wait
        seen = self.mine()
        while (left := end - time.monotonic()) > 0:
            time.sleep(min(left, 0.02))
            seen += self.mine()
        # Text and FINs may be acknowledged late.
        patience = time.monotonic() + PATIENCE
        # What has no ACK bit is dropped, and to wait would make the round trip of a handshake long.
        while not seen and "A" in step.get("flags", "") and ("F" in step["flags"] or step["len"]) and \
                self.known() not in ("NONE", "SYN_SENT") and time.monotonic() < patience:
            time.sleep(0.01)
            seen += self.mine()
        # The state belongs to the answers: nothing was sent between them, and the clock was read at the same time.
        for attempt in range(20):
            before = self.now()
            state, timer = self.e.diag.state(LOCAL, self.local_port, PEER, self.peer_port)
            until = self.now()
            late = self.mine()
            if not late and until - before <= PROMPT_MS:
                break
            seen += late
        replies = []
        for when, s in seen:
            replies.append({"flags": s.flags, "seq": s.seq, "ack": s.ack, "win": s.win, "len": s.length,
                            "at": max(step["at"], round((when - self.began) * 1000)),
                            **({"tsval": s.timestamps[0], "tsecr": s.timestamps[1]} if s.timestamps else {})})
            if s.timestamps and "S" in s.flags:
                self.syn_stamps.append(s.timestamps[0])
            if s.timestamps:
                self.clock_offset = s.timestamps[0] - round(when * 1000)
            # A request socket takes the echo of its SYN-ACK alone (6.15, tcp_check_req()).
            if s.timestamps and ("S" in s.flags or state != "SYN_RECV"):
                self.echo = s.timestamps[0]
            if "S" in s.flags:
                self.irs, self.rcv = s.seq, s.seq + 1
            elif s.length or "F" in s.flags:
                self.rcv = max(self.rcv or 0, s.seq + s.length + ("F" in s.flags))
        step.update(until=until, replies=replies, kernel_state_after=state, timer=timer)
        self.record["steps"].append(step)
        return step

    def mine(self):
        """What the endpoint has sent on this connection; others may still be retransmitting."""
        return [(when, s) for when, s in self.e.mark() if (s.sport, s.dport) == (self.local_port, self.peer_port)]

    def known(self):
        return self.e.diag.state(LOCAL, self.local_port, PEER, self.peer_port)[0]

    def send(self, flags, seq, ack=0, length=0, win=None, wait=0.0, age=-5, echo=None):
        """age: how much older than the newest one its time stamp is; None: it carries none.  echo: its TSecr; None: the
        right one."""
        seq, ack = seq & 0xFFFFFFFF, ack & 0xFFFFFFFF
        win = self.win if win is None else win
        step = {"do": "segment", "at": self.now(), "flags": flags, "seq": seq, "ack": ack, "win": win, "len": length}
        stamps = None
        if self.stamp is not None and age is not None:
            stamps = ((self.stamp - age) & 0xFFFFFFFF, self.echo if echo is None else echo & 0xFFFFFFFF)
            self.stamp = stamps[0] if age < 0 else self.stamp
            step.update(tsval=stamps[0], tsecr=stamps[1])
        self.e.port.send(packets.tcp_packet(
            packets.Segment(PEER, self.peer_port, LOCAL, self.local_port, flags, seq, ack, win, length, stamps)))
        self.disturbed |= self.now() - step["at"] > DISTURBED_MS
        return self.observe(step, wait)

    def wait(self, seconds):
        return self.observe({"do": "wait", "at": self.now()}, seconds)

    def connect(self):
        with self.e.host:
            self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.bind((LOCAL, 0))
        self.local_port = self.socket.getsockname()[1]
        step = {"do": "connect", "at": self.now()}
        try:
            self.socket.connect((PEER, self.peer_port))
        except BlockingIOError:
            pass
        self.disturbed |= self.now() - step["at"] > DISTURBED_MS
        return self.observe(step)

    def accept(self):
        """The application takes the connection over; nothing of it is seen outside."""
        end = time.monotonic() + SECOND
        while self.socket is None and time.monotonic() < end:
            try:
                taken, address = self.e.listener.accept()
            except BlockingIOError:
                time.sleep(0.001)
                continue
            if address[1] == self.peer_port:
                self.socket = taken
                self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            else:
                taken.close()
        return self.socket is not None

    def call(self, name, length=0):
        """write, shutdown or close."""
        if self.end == "passive" and self.socket is None and not self.accept():
            raise network.Impossible("the listener has no connection to accept")
        step = {"do": name, "at": self.now()}
        try:
            if name == "write":
                step["len"] = length
                self.socket.send(bytes(length))
            elif name == "shutdown":
                self.socket.shutdown(socket.SHUT_WR)
            else:
                self.read_all()  # close() with unread text sends a reset, and the model's applications read
                self.socket.close()
                self.socket = None
        except OSError:
            return None  # the connection is gone
        self.disturbed |= self.now() - step["at"] > DISTURBED_MS
        return self.observe(step)

    def read_all(self):
        self.socket.setblocking(False)
        try:
            while self.socket.recv(65536):
                pass
        except OSError:
            return

    def end_it(self):
        """Leaves nothing behind that a later sequence could meet."""
        if self.socket is None and self.end == "passive" and \
                self.e.diag.state(LOCAL, self.local_port, PEER, self.peer_port)[0] not in ("NONE", "SYN_RECV"):
            self.drain()
        if self.socket is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.socket.close()
            self.socket = None
        self.drain()
        return self.record

    def drain(self):
        while True:
            try:
                self.e.listener.accept()[0].close()
            except (BlockingIOError, ConnectionError):
                return
