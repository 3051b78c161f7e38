"""One segment for an endpoint whose connection has agreed on timestamps: every state, with TSval and numbers on either
side of what is expected.  The connection is brought into the state by hand, each segment stamped later than the one
before."""

import random
import socket
import time

from . import packets
from .endpoint import LOCAL, LOCAL_PORT, PATIENCE, PEER, Connection
from .endpoint_plan import ECHOES, echo_of

WORD = 1 << 32
STATES = ["SYN_RCVD", "ESTABLISHED", "FIN_WAIT_1", "FIN_WAIT_2", "CLOSE_WAIT", "CLOSING", "LAST_ACK", "TIME_WAIT"]
FLAGS = [("S", 0), ("SA", 0), ("A", 0), ("A", 40), ("FA", 0), ("R", 0), ("RA", 0), ("F", 0), ("", 0)]
SEQS = {"exact": 0, "-1": -1, "+1": 1, "+1000": 1000, "left": -100000, "right": 200000, "far": 1 << 30}
ACKS = {"exact": 0, "-1": -1, "+1": 1, "far": 3 << 28}
STAMPS = {"newer": 5, "+1": 1, "same": 0, "-1": -1, "-2": -2, "older": -50000, "half-older": -(1 << 31) + 16, "none": None}


class Stamped(Connection):
    """Its segments carry the next timestamp; `stamp` is that of the last one."""

    def __init__(self, endpoint, number, seed, rng):
        super().__init__(endpoint, "timestamps", number, seed, config={"tcp_invalid_ratelimit": 0, "timestamps": True},
                         iss=rng.randrange(WORD))
        self.stamp, self.echo, self.window = rng.randrange(WORD) | 1, 0, 0

    def emit(self, flags, seq, ack, length, stamp, echo=None):
        stamps = None if stamp is None else (stamp % WORD, self.echo if echo is None else echo)
        self.e.port.send(packets.tcp_packet(packets.Segment(
            PEER, self.peer_port, LOCAL, self.local_port, flags, seq % WORD, ack % WORD, self.win, length, stamps)))

    def says(self, flags, seq, ack=0, later=10):
        self.stamp = (self.stamp + later) % WORD
        self.emit(flags, seq, ack, 0, self.stamp)
        self.heard = self.mine()
        for when, answer in self.heard:
            if "S" in answer.flags:
                self.irs, self.window = answer.seq, answer.win
                self.syn_stamps.append(answer.timestamps[0])
            if answer.timestamps:
                self.echo = answer.timestamps[0]
                self.clock_offset = self.echo - round(when * 1000)

    def await_answer(self):
        """The peer's FIN is acknowledged late: that is no answer to what comes next."""
        end = time.monotonic() + PATIENCE
        while not self.heard and time.monotonic() < end:
            time.sleep(0.005)
            self.heard = self.mine()


def reach(c, state, again):
    """again: with the SYN sent twice.  RCV.NXT, SND.NXT and SND.UNA of the endpoint in the state; SND.UNA before our FIN, acknowledged or not."""
    c.says("S", c.iss)
    rcv, snd = c.iss + 1, c.irs + 1
    if state == "SYN_RCVD":
        if again:
            time.sleep(0.012)
            c.says("S", c.iss, later=0)
        return rcv, snd, c.irs
    c.says("A", rcv, snd)
    c.accept()
    una = snd
    if state in ("CLOSE_WAIT", "LAST_ACK"):
        c.says("FA", rcv, snd)
        c.await_answer()
        rcv += 1
    if state not in ("ESTABLISHED", "CLOSE_WAIT"):
        c.socket.shutdown(socket.SHUT_WR)
        c.mine()
        snd += 1
    if state in ("FIN_WAIT_2", "TIME_WAIT"):
        c.says("A", rcv, snd)
    if state in ("CLOSING", "TIME_WAIT"):
        c.says("FA", rcv, snd - (state == "CLOSING"))
        c.await_answer()
        rcv += 1
    return rcv, snd, una


def answers(c, late, sent):
    """late: text and FINs may be acknowledged late.  sent: when the segment was, as a monotonic time."""
    seen = c.mine()
    end = time.monotonic() + PATIENCE
    while late and not seen and c.known() != "NONE" and time.monotonic() < end:
        time.sleep(0.005)
        seen = c.mine()
    return [{"flags": s.flags, "seq": s.seq, "ack": s.ack, "len": s.length,
             "at": max(0, round((when - sent) * 1000)),
             **({"tsval": s.timestamps[0], "tsecr": s.timestamps[1]} if s.timestamps else {})} for when, s in seen]


def probe(c, state, rng):
    rcv, snd, una = reach(c, state, rng.random() < 0.5)
    flags, length = rng.choice(FLAGS)
    seq_class, stamp_class = rng.choice(list(SEQS)), rng.choice(list(STAMPS))
    ack_class = rng.choice(list(ACKS)) if "A" in flags else "exact"
    offset, recent = STAMPS[stamp_class], c.stamp
    seq = (rcv + SEQS[seq_class]) % WORD
    ack = (snd + ACKS[ack_class]) % WORD if "A" in flags else 0
    stamp = None if offset is None else (recent + offset) % WORD
    echo_class = rng.choice(ECHOES) if rng.random() < (0.6 if state == "SYN_RCVD" else 0.2) else "right"
    echo = c.echo if echo_class == "right" else echo_of(c, echo_class, rng) % WORD
    before = c.known()
    sent, clock = time.monotonic(), c.its_clock()
    c.emit(flags, seq, ack, length, stamp, echo)
    seen = answers(c, length or "F" in flags, sent)
    stamps = {} if stamp is None else {"tsval": stamp, "tsecr": echo, "tsecr_class": echo_class}
    stamps["ts_clock"] = clock
    if state == "SYN_RCVD":
        stamps.update(ts_first=c.syn_stamps[0], ts_newest=c.syn_stamps[-1])
    return {"id": c.record["id"], "seed": c.record["seed"], "kernel": c.record["kernel"], "state": state,
            "kernel_state": before, "rcv_nxt": rcv % WORD, "snd_nxt": snd % WORD, "snd_una": una % WORD,
            "rcv_wnd": c.window, "ts_recent": recent, "flags": flags, "seq": seq, "seq_class": seq_class, "ack": ack,
            "ack_class": ack_class, "len": length, **stamps, "ts_class": stamp_class, "replies": seen,
            "kernel_state_after": c.known()}


def record(real, seed, probes):
    rng = random.Random(seed)
    for number in range(probes):
        c = Stamped(real, number, seed, rng)
        yield probe(c, STATES[number % len(STATES)], rng)
        c.end_it()
