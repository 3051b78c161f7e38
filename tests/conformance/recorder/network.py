"""Network namespaces that nobody else sees: they have no name and are gone when this process ends."""

import ctypes
import os
import socket
import struct
import subprocess
import time

from . import packets

CLONE_NEWNET = 0x40000000
ETH_P_IP, ETH_P_ALL = 0x0800, 0x0003
SO_TIMESTAMPNS = 35
libc = ctypes.CDLL(None, use_errno=True)


class Impossible(Exception):
    """This machine cannot record; says why."""


def call(result):
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


class Namespace:
    def __init__(self):
        home = os.open("/proc/self/ns/net", os.O_RDONLY)
        try:
            call(libc.unshare(CLONE_NEWNET))
            self.fd = os.open("/proc/self/ns/net", os.O_RDONLY)
            self.home = home
            self.path = "/proc/%d/fd/%d" % (os.getpid(), self.fd)
            run("ip", "link", "set", "lo", "up")
            self.back()
        except OSError as error:
            raise Impossible("no network namespace can be made: %s" % error.strerror)

    def __enter__(self):
        call(libc.setns(self.fd, CLONE_NEWNET))
        return self

    def back(self):
        call(libc.setns(self.home, CLONE_NEWNET))

    def __exit__(self, *_):
        self.back()

    def sysctl(self, name, value):
        with self, open("/proc/sys/" + name.replace(".", "/"), "w") as file:
            file.write(str(value))


def run(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise Impossible("%s: %s" % (" ".join(command), done.stdout.strip()))


def check_machine():
    if os.geteuid() != 0:
        raise Impossible("root is needed to make network namespaces")
    if not any(os.access(os.path.join(p, "ip"), os.X_OK) for p in os.environ.get("PATH", "").split(":")):
        raise Impossible("ip (package iproute2) is not installed")


def arrival(notes):
    """When the kernel took the packet in, as a monotonic time."""
    for level, kind, data in notes:
        if (level, kind) == (socket.SOL_SOCKET, SO_TIMESTAMPNS):
            seconds, nanoseconds = struct.unpack("=qq", data)
            # Both clocks have to be read at once, or nearly so.
            for _ in range(100):
                before, wall, after = time.monotonic(), time.time(), time.monotonic()
                if after - before < 0.0005:
                    break
            return after - max(0.0, wall - seconds - nanoseconds / 1e9)
    return time.monotonic()


class Port:
    """The loose end of a wire: frames are put in and taken out by hand, no stack is behind it."""

    def __init__(self, namespace, interface, remote_mac):
        with namespace:
            self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_IP))
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
            self.socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
            self.socket.bind((interface, ETH_P_IP))
        self.arrived = 0.0  # when the packet came that take() gave last: what the kernel says, however late it is read
        own = self.socket.getsockname()[4]
        self.header = bytes.fromhex(remote_mac.replace(":", "")) + own + ETH_P_IP.to_bytes(2, "big")
        self.mac = ":".join("%02x" % byte for byte in own)

    def send(self, packet):
        self.socket.send(self.header + packet)

    def take(self, until):
        """The next packet that came in, or None when the time is up (a monotonic time)."""
        while True:
            self.socket.settimeout(max(until - time.monotonic(), 0.000001))
            try:
                frame, notes, _, address = self.socket.recvmsg(65536, 64)
            except (BlockingIOError, TimeoutError):
                return None
            if address[2] == socket.PACKET_OUTGOING:
                continue
            parsed = packets.parse(frame[14:])
            if parsed is not None:
                self.arrived = arrival(notes)
                return parsed

    def take_all(self):
        found = []
        while (packet := self.take(time.monotonic())) is not None:
            found.append(packet)
        return found


def wire(a, a_name, b, b_name):
    """A veth pair between two namespaces; both ends up, IPv6 off, nothing offloaded to hardware there is not."""
    with a:
        run("ip", "link", "add", a_name, "type", "veth", "peer", "name", b_name, "netns", b.path)
    macs = []
    for namespace, name in ((a, a_name), (b, b_name)):
        if os.path.exists("/proc/sys/net/ipv6"):
            namespace.sysctl("net.ipv6.conf.%s.disable_ipv6" % name, 1)
        with namespace:
            run("ip", "link", "set", name, "up")
            with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0) as probe:
                probe.bind((name, 0))
                macs.append(":".join("%02x" % byte for byte in probe.getsockname()[4]))
    return macs


def address(namespace, interface, cidr):
    with namespace:
        run("ip", "address", "add", cidr, "dev", interface)


def neighbour(namespace, interface, ip, mac):
    with namespace:
        run("ip", "neighbour", "replace", ip, "lladdr", mac, "dev", interface, "nud", "permanent")


def pin():
    """All on one processor: packets then stay in the order in which they were sent.  And before everybody else there: on
    a busy machine a handshake would otherwise take so long that the kernel measures a long round trip."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    try:
        os.sched_setscheduler(0, os.SCHED_RR | os.SCHED_RESET_ON_FORK, os.sched_param(20))
    except (AttributeError, OSError):
        pass  # not permitted, as in some containers
