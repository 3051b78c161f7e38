"""Netlink by hand: the NAT rule, the conntrack table and the state of sockets, without any tool installed."""

import errno
import os
import socket
import struct

from . import network

NETLINK_SOCK_DIAG, NETLINK_NETFILTER = 4, 12
REQUEST, MULTI, ACK, CREATE = 0x1, 0x2, 0x4, 0x400
NESTED = 0x8000

TRACK_STATES = ["NONE", "SYN_SENT", "SYN_RECV", "ESTABLISHED", "FIN_WAIT", "CLOSE_WAIT", "LAST_ACK", "TIME_WAIT",
                "CLOSE", "SYN_SENT2"]
# enum of include/net/tcp_states.h, as ss(8) spells them; a listener is nobody's connection.
SOCKET_STATES = {1: "ESTABLISHED", 2: "SYN_SENT", 3: "SYN_RECV", 4: "FIN_WAIT1", 5: "FIN_WAIT2", 6: "TIME_WAIT",
                 7: "NONE", 8: "CLOSE_WAIT", 9: "LAST_ACK", 10: "NONE", 11: "CLOSING", 12: "SYN_RECV"}
TIMERS = {0: None, 1: "on", 2: "keepalive", 3: "timewait", 4: "persist"}


def attribute(kind, data):
    padding = -len(data) % 4
    return struct.pack("=HH", 4 + len(data), kind) + data + bytes(padding)


def nested(kind, *attributes):
    return attribute(kind | NESTED, b"".join(attributes))


def text(kind, value):
    return attribute(kind, value.encode() + b"\0")


def be32(kind, value):
    return attribute(kind, struct.pack("!I", value))


def attributes(data):
    found = {}
    while len(data) >= 4:
        size, kind = struct.unpack("=HH", data[:4])
        found[kind & 0x3FFF] = data[4:size]
        data = data[(size + 3) & ~3:]
    return found


class Netlink:
    """A socket of the network namespace that it is made in."""

    def __init__(self, protocol):
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, protocol)
        self.socket.bind((0, 0))
        self.socket.settimeout(5)
        self.sequence = 0

    def message(self, kind, flags, payload):
        self.sequence += 1
        return struct.pack("=IHHII", 16 + len(payload), kind, flags, self.sequence, 0) + payload

    def answers(self, last):
        """(type, payload) up to the acknowledgement of message number last; raises OSError for a refusal."""
        while True:
            data = self.socket.recv(65536)
            while len(data) >= 16:
                size, kind, flags, sequence, _ = struct.unpack("=IHHII", data[:16])
                payload, data = data[16:size], data[(size + 3) & ~3:]
                if kind == 2:  # NLMSG_ERROR; 0 is an acknowledgement
                    error = -struct.unpack("=i", payload[:4])[0]
                    if error:
                        raise OSError(error, os.strerror(error))
                    if sequence == last:
                        return
                    continue
                if sequence == last:
                    yield kind, payload


class Nftables(Netlink):
    TABLE, DELETE_TABLE, CHAIN, RULE = 0, 2, 3, 6
    PREROUTING, POSTROUTING = 0, 4

    def __init__(self):
        super().__init__(NETLINK_NETFILTER)
        self.header = struct.pack("!BBH", socket.AF_INET, 0, 0)
        self.drops_invalid = False

    def transaction(self, *changes):
        """changes: (kind, attributes)."""
        batch = struct.pack("!BBH", 0, 0, 10)
        self.socket.send(
            self.message(0x10, REQUEST, batch) +
            b"".join(self.message(10 << 8 | kind, REQUEST | CREATE | (ACK if number == len(changes) else 0), self.header + data)
                     for number, (kind, data) in enumerate(changes, 1)) +
            self.message(0x11, REQUEST, batch))
        for _ in self.answers(self.sequence - 1):
            pass

    @staticmethod
    def expression(name, *data):
        return nested(1, text(1, name), nested(2, *data))

    def table_with(self, table, kind, hook, priority, *expressions):
        """A table of its own with one chain, which has one rule."""
        self.transaction(
            (self.TABLE, text(1, table) + be32(2, 0)),
            (self.CHAIN, text(1, table) + text(3, "all") + nested(4, be32(1, hook), be32(2, priority)) + text(7, kind)),
            (self.RULE, text(1, table) + text(2, "all") + nested(4, *expressions)))

    def snat(self, inside, outside_interface, address):
        """`ip saddr INSIDE/24 oif INTERFACE snat to ADDRESS`"""
        self.table_with(
            "nat", "nat", self.POSTROUTING, 100,
            self.expression("payload", be32(1, 1), be32(2, 1), be32(3, 12), be32(4, 3)),
            self.expression("cmp", be32(1, 1), be32(2, 0), nested(3, attribute(1, socket.inet_aton(inside)[:3]))),
            self.expression("meta", be32(1, 1), be32(2, 5)),
            self.expression("cmp", be32(1, 1), be32(2, 0), nested(3, attribute(1, struct.pack("=I", outside_interface)))),
            self.expression("immediate", be32(1, 1), nested(2, attribute(1, socket.inet_aton(address)))),
            self.expression("nat", be32(1, 0), be32(2, socket.AF_INET), be32(3, 1)))

    def drop_invalid(self, drops):
        """Whether the rule `ct state invalid drop` is there, which sees a packet as soon as its state is known."""
        if drops == self.drops_invalid:
            return
        self.drops_invalid = drops
        if not drops:
            self.transaction((self.DELETE_TABLE, text(1, "filter")))
            return
        invalid, nothing = struct.pack("=I", 1), bytes(4)
        try:
            self.table_with(
                "filter", "filter", self.PREROUTING, 0,
                self.expression("ct", be32(1, 1), be32(2, 0)),
                self.expression("bitwise", be32(1, 1), be32(2, 1), be32(3, 4), nested(4, attribute(1, invalid)),
                                nested(5, attribute(1, nothing))),
                self.expression("cmp", be32(1, 1), be32(2, 1), nested(3, attribute(1, nothing))),
                self.expression("immediate", be32(1, 0), nested(2, nested(2, be32(1, 0)))))
        except OSError as error:
            raise network.Impossible("the kernel takes no rule about ct state (nft_ct): %s" % error.strerror)


class Conntrack(Netlink):
    def __init__(self):
        super().__init__(NETLINK_NETFILTER)
        self.header = struct.pack("!BBH", socket.AF_INET, 0, 0)

    def flush(self):
        self.socket.send(self.message(1 << 8 | 2, REQUEST | ACK, self.header))
        for _ in self.answers(self.sequence):
            pass

    def entry(self, source, sport, destination, dport):
        """The entry whose original tuple this is, as the vectors show it, or None."""
        tuple_ = nested(1, nested(1, attribute(1, socket.inet_aton(source)), attribute(2, socket.inet_aton(destination))),
                        nested(2, attribute(1, b"\x06"), attribute(2, struct.pack("!H", sport)),
                               attribute(3, struct.pack("!H", dport))))
        self.socket.send(self.message(1 << 8 | 1, REQUEST | ACK, self.header + tuple_))
        entry = None
        try:
            for _, payload in self.answers(self.sequence):
                entry = self.read(payload[4:], source)
        except OSError as error:
            if error.errno != errno.ENOENT:
                raise
        return entry

    @staticmethod
    def read(payload, source):
        found = attributes(payload)
        original = attributes(attributes(found[1])[1])
        if original[1] != socket.inet_aton(source) or 4 not in found:
            return None  # found by its reply tuple
        state = attributes(attributes(found[4])[1])[1][0]
        status = struct.unpack("!I", found[3])[0]
        timeout = struct.unpack("!I", found[7])[0] if 7 in found else 0
        return {"state": TRACK_STATES[state], "timeout": timeout, "assured": bool(status & 4),
                "unreplied": not status & 2}


class SocketDiag(Netlink):
    def __init__(self):
        super().__init__(NETLINK_SOCK_DIAG)

    def state(self, local, local_port, remote, remote_port):
        """(state, timer or None) of the connection with these four numbers; "NONE" where there is none."""
        identity = (struct.pack("!HH", local_port, remote_port) + socket.inet_aton(local) + bytes(12) +
                    socket.inet_aton(remote) + bytes(12) + struct.pack("=III", 0, 0xFFFFFFFF, 0xFFFFFFFF))
        request = struct.pack("=BBBBI", socket.AF_INET, socket.IPPROTO_TCP, 0, 0, 0xFFFFFFFF) + identity
        self.socket.send(self.message(20, REQUEST | ACK, request))
        result = "NONE", None
        try:
            for _, payload in self.answers(self.sequence):
                state, timer = payload[1], payload[2]
                expires = struct.unpack("=I", payload[52:56])[0]
                name = SOCKET_STATES.get(state, "NONE")
                kind = TIMERS.get(timer)
                result = name, {"kind": kind, "ms": expires} if kind and name != "NONE" else None
        except OSError as error:
            if error.errno not in (errno.ENOENT, errno.ENODEV):
                raise
        return result
