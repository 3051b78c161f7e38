"""TCP segments in IPv4 packets in Ethernet frames: made by hand, and taken apart."""

import socket
import struct
from dataclasses import dataclass

LETTERS = "FSRPAUEW"
MARK = 253  # protocol for experiments (RFC 3692): carries the marks that follow a segment
IDENTIFICATION = 0x4f50


@dataclass
class Segment:
    source: str
    sport: int
    destination: str
    dport: int
    flags: str
    seq: int
    ack: int
    win: int
    length: int
    timestamps: tuple = None  # (TSval, TSecr)


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def ip_packet(source, destination, protocol, payload):
    header = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), IDENTIFICATION, 0, 64, protocol, 0,
                         socket.inet_aton(source), socket.inet_aton(destination))
    return header[:10] + struct.pack("!H", checksum(header)) + header[12:] + payload


def tcp_packet(s):
    bits = sum(1 << LETTERS.index(letter) for letter in s.flags)
    data = bytes(s.length)
    options = struct.pack("!BBBBII", 1, 1, 8, 10, *s.timestamps) if s.timestamps else b""
    header = struct.pack("!HHIIBBHHH", s.sport, s.dport, s.seq & 0xFFFFFFFF, s.ack & 0xFFFFFFFF,
                         5 + len(options) // 4 << 4, bits, s.win, 0, 0) + options
    pseudo = (socket.inet_aton(s.source) + socket.inet_aton(s.destination) +
              struct.pack("!BBH", 0, socket.IPPROTO_TCP, len(header) + len(data)))
    total = checksum(pseudo + header + data)
    return ip_packet(s.source, s.destination, socket.IPPROTO_TCP,
                     header[:16] + struct.pack("!H", total) + header[18:] + data)


def mark_packet(source, destination, number):
    return ip_packet(source, destination, MARK, struct.pack("!Q", number))


def echo_packet(source, destination, number):
    header = struct.pack("!BBHHH", 8, 0, 0, number >> 16 & 0xFFFF, number & 0xFFFF)
    return ip_packet(source, destination, socket.IPPROTO_ICMP,
                     header[:2] + struct.pack("!H", checksum(header)) + header[4:])


def timestamps_of(options):
    while options and options[0]:
        if options[0] == 1:
            options = options[1:]
        elif options[0] == 8:
            return struct.unpack("!II", options[2:10])
        else:
            options = options[max(options[1], 2):]
    return None


def parse(packet):
    """A Segment, ("mark", number), ("echo", number), or None for anything else."""
    if len(packet) < 20 or packet[0] >> 4 != 4:
        return None
    size = (packet[0] & 15) * 4
    total = struct.unpack("!H", packet[2:4])[0]
    protocol, payload = packet[9], packet[size:total]
    if protocol == MARK:
        return "mark", struct.unpack("!Q", payload[:8])[0]
    if protocol == socket.IPPROTO_ICMP and payload[0] == 0:
        high, low = struct.unpack("!HH", payload[4:8])
        return "echo", high << 16 | low
    if protocol != socket.IPPROTO_TCP:
        return None
    sport, dport, seq, ack, offset, bits, win = struct.unpack("!HHIIBBH", payload[:16])
    flags = "".join(letter for i, letter in enumerate(LETTERS) if bits >> i & 1)
    return Segment(socket.inet_ntoa(packet[12:16]), sport, socket.inet_ntoa(packet[16:20]), dport, flags, seq, ack,
                   win, len(payload) - (offset >> 4) * 4, timestamps_of(payload[20:(offset >> 4) * 4]))
