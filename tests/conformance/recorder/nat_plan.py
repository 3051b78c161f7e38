"""What is sent through the NAT: systematic walks through the state table, the resets and the window's limits, and
random sequences.  All by the seed alone."""

import itertools
import random

from .nat import Sequence

WORD = 1 << 32
FLAGS = ["S", "SA", "A", "PA", "FA", "R", "RA"]
# No class of their own, or no segment that any stack sends.
ODD_FLAGS = ["", "F", "SF", "SR", "FPA", "SFRA", "P", "FR", "SPA", "RPA"]
WINDOWS = [0, 1, 1000, 8192, 64240, 65535]
PORTS = [1, 511, 512, 599, 600, 665, 903, 1023, 1024, 2049, 40443, 65535]
CONFIGS = [{"be_liberal": 1}, {"ignore_invalid_rst": 1}, {"loose": 0}, {"be_liberal": 1, "loose": 0},
           {"ignore_invalid_rst": 1, "be_liberal": 1}, {"max_retrans": 0}, {"max_retrans": 1}]
DROPS = 0.15  # of the sequences go through a NAT host with `ct state invalid drop`


class Talk:
    """A connection as its two ends would hold it, and the landmarks that windows are measured by."""

    def __init__(self, sequence, rng, client=0):
        self.s, self.rng, self.client = sequence, rng, client
        # Half of the connections begin near to where numbers wrap.
        near = rng.random() < 0.2
        self.c, self.v = [rng.choice([0, WORD - 1, WORD - 100000, 1 << 31]) + rng.randrange(3) if near
                          else rng.randrange(WORD) for _ in range(2)]
        self.cwin, self.vwin = rng.choice(WINDOWS), rng.choice(WINDOWS)
        self.landmarks = {True: [self.c], False: [self.v]}

    def send(self, out, flags, seq, ack=0, win=None, length=0):
        win = win if win is not None else (self.cwin if out else self.vwin)
        step = self.s.step(out, flags, seq, ack if "A" in flags or ack else 0, win, length, self.client)
        span = length + ("S" in flags) + ("F" in flags)
        mine, other = self.landmarks[out], self.landmarks[not out]
        mine += [seq, seq + span]
        if "A" in flags:
            other += [ack, ack + win]
        return step

    # -- the steps of an honest connection

    def syn(self):
        return self.send(True, "S", self.c)

    def syn_ack(self):
        return self.send(False, "SA", self.v, self.c + 1)

    def established(self):
        self.syn()
        self.syn_ack()
        self.c, self.v = self.c + 1, self.v + 1
        return self.send(True, "A", self.c, self.v)

    def data(self, out, length=100):
        if out:
            self.send(True, "PA", self.c, self.v, length=length)
            self.c += length
        else:
            self.send(False, "PA", self.v, self.c, length=length)
            self.v += length

    def ack(self, out):
        return self.send(out, "A", *((self.c, self.v) if out else (self.v, self.c)))

    def fin(self, out):
        self.send(out, "FA", *((self.c, self.v) if out else (self.v, self.c)))
        if out:
            self.c += 1
        else:
            self.v += 1

    def reset(self, out):
        self.send(out, "R", self.c if out else self.v)

    # -- what is near to a limit

    def near(self, out):
        """A number of the space of one direction: at a landmark or a window's width from one, give or take one; or
        anywhere."""
        rng = self.rng
        if rng.random() < 0.06:
            return rng.randrange(WORD)
        if rng.random() < 0.03:
            return 0
        base = rng.choice(self.landmarks[out][-8:] + self.landmarks[out][:2])
        if rng.random() < 0.45:
            base += rng.choice([self.cwin, self.vwin, -self.cwin, -self.vwin, -66000, 66000, 100, -100, 1000, -1000])
        return base + rng.choice([0, 0, 0, 1, -1, 2, -2])

    def own(self, out):
        return self.c if out else self.v

    def any_segment(self, out=None, flags=None):
        rng = self.rng
        out = rng.random() < 0.5 if out is None else out
        flags = flags if flags is not None else rng.choice(FLAGS if rng.random() < 0.95 else ODD_FLAGS)
        seq = self.near(out) if rng.random() < 0.6 else self.own(out)
        ack = 0
        if "A" in flags:
            ack = self.near(not out) if rng.random() < 0.5 else self.own(not out)
        elif rng.random() < 0.1:
            ack = self.near(not out)
        length = rng.choice([0, 1, 100, 1000]) if "P" in flags or rng.random() < 0.1 else 0
        win = rng.choice(WINDOWS) if rng.random() < 0.2 else None
        return self.send(out, flags, seq, ack, win, length)

    def progress(self):
        """Something honest, or something near to it."""
        kind = self.rng.randrange(8)
        out = self.rng.random() < 0.5
        if kind < 2:
            self.data(out, self.rng.choice([1, 100, 1000]))
        elif kind == 2:
            self.ack(out)
        elif kind == 3:
            self.fin(out)
        else:
            self.any_segment(out)


def reach(talk, state):
    """Brings the entry into a state; the ways there differ by who closes."""
    t = talk
    by_client = t.rng.random() < 0.5
    if state == "NONE":
        return
    if state == "SYN_SENT":
        t.syn()
    elif state == "SYN_SENT_ANSWERED":
        t.syn()
        t.send(False, "A", t.near(False), t.near(True))
    elif state == "SYN_SENT2":
        t.syn()
        t.send(False, "S", t.v)
    elif state == "SYN_RECV":
        t.syn()
        t.syn_ack()
    elif state == "SYN_RECV_CROSSED":
        t.syn()
        t.send(False, "S", t.v)
        t.send(t.rng.random() < 0.5, "SA", *((t.c, t.v + 1) if by_client else (t.v, t.c + 1)))
    elif state == "PICKED_UP":
        t.send(True, t.rng.choice(["A", "PA"]), t.c, t.v)
    elif state == "PICKED_UP_BOTH":
        t.send(True, "A", t.c, t.v)
        t.send(False, "A", t.v, t.c)
    else:
        t.established()
        if state == "UNASSURED":
            return
        if t.rng.random() < 0.6:
            t.data(by_client)
            t.ack(not by_client)
        if state in ("FIN_WAIT", "CLOSE_WAIT", "LAST_ACK", "TIME_WAIT"):
            t.fin(by_client)
        if state in ("CLOSE_WAIT", "LAST_ACK", "TIME_WAIT"):
            t.ack(not by_client)
        if state in ("LAST_ACK", "TIME_WAIT"):
            t.fin(not by_client)
        if state == "TIME_WAIT":
            t.ack(by_client)
        if state == "CLOSE":
            t.reset(by_client)


STATES = ["NONE", "SYN_SENT", "SYN_SENT_ANSWERED", "SYN_SENT2", "SYN_RECV", "SYN_RECV_CROSSED", "PICKED_UP",
          "PICKED_UP_BOTH", "ESTABLISHED", "FIN_WAIT", "CLOSE_WAIT", "LAST_ACK", "TIME_WAIT", "CLOSE"]


def table(talk, cell):
    """One cell of the state table, honest or not, and two segments more."""
    state, out, flags = cell
    reach(talk, state)
    talk.any_segment(out, flags)
    for _ in range(2):
        talk.progress()


def limits(talk, cell):
    """Both sides of each limit of the window test, in every state that has one."""
    state, out, which, side = cell
    t = talk
    reach(t, state)
    mine, other = (t.cwin, t.vwin) if out else (t.vwin, t.cwin)
    own, peer = t.own(out), t.own(not out)
    if state in ("SYN_SENT", "SYN_RECV"):
        own, peer = own + 1, peer + 1
    length = t.rng.choice([0, 1, 100])
    flags = t.rng.choice(["A", "PA", "FA", "RA"]) if length or t.rng.random() < 0.5 else "A"
    fin = "F" in flags
    seq, ack = own, peer
    if which == "grant":  # seq against the largest that the receiver has granted
        seq = own + max(other, 1) + side
    elif which == "end of grant":
        seq = own + max(other, 1) - length - fin + side
    elif which == "age":  # end against td_end less the receiver's window
        seq = own - max(other, 1) - length - fin + side
    elif which == "unsent":  # an acknowledgement of what was never sent
        ack = peer + side
    elif which == "old ack":
        ack = peer - max(66000, mine) + side
    elif which == "beyond":
        seq = own + 2 * max(other, 1) - length - fin + side
    t.send(out, flags, seq, ack, length=length)
    t.ack(out)
    t.ack(not out)
    t.any_segment(not out)


LIMIT_STATES = ["SYN_SENT", "SYN_RECV", "PICKED_UP", "PICKED_UP_BOTH", "ESTABLISHED", "FIN_WAIT", "CLOSE_WAIT",
                "LAST_ACK", "TIME_WAIT", "CLOSE"]
LIMITS = ["grant", "end of grant", "age", "unsent", "old ack", "beyond"]


def resets(talk, cell):
    """Every step of the judgement on a reset: what was the packet before it, and where does its number lie?"""
    state, out, before, where = cell
    t = talk
    reach(t, state)
    if before == "syn":
        t.send(True, "S", t.near(True))
    elif before == "server's ack":
        t.send(False, "A", t.own(False), t.near(True))
    elif before == "client's ack":
        t.send(True, "A", t.own(True), t.own(False))
    elif before == "data":
        t.data(out)
    elif before == "reset":
        t.send(not out, "R", t.near(not out))
    elif before == "syn-ack":
        t.send(False, "SA", t.near(False), t.near(True))
    own, peer = t.own(out), t.own(not out)
    last = t.s.record["steps"][-1] if t.s.record["steps"] else None
    flags = t.rng.choice(["R", "R", "RA"])
    ack = peer if "A" in flags else 0
    seq = own
    if where == "before":
        seq = own - 1 - t.rng.randrange(3)
    elif where == "after":
        seq = own + 1 + t.rng.randrange(3)
    elif where == "zero":
        seq = 0
    elif where == "last ack" and last:
        seq = last["ack"]
    elif where == "answers syn" and last:
        flags, ack = "RA", last["seq"] + last["len"] + ("S" in last["flags"]) + ("F" in last["flags"])
        seq = t.rng.choice([0, own])
    elif where == "far":
        seq = own + (1 << 31) + t.rng.randrange(-1, 2)
    t.send(out, flags, seq, ack)
    t.progress()
    t.any_segment(not out, t.rng.choice(["R", "RA", "A", "S"]))


def reuse(talk, how):
    """A SYN on a connection that is over, and its handshake."""
    t = talk
    reach(t, t.rng.choice(["TIME_WAIT", "TIME_WAIT", "CLOSE", "LAST_ACK"]))
    out = how != "by server"
    if t.rng.random() < 0.3:
        t.any_segment()
    fresh = {"above": lambda: t.own(out) + t.rng.choice([1, 2, 65536, 100000]),
             "below": lambda: t.own(out) - t.rng.choice([1, 2, 65536, 100000])}.get(
                 how, lambda: t.near(out))()
    t.send(out, "S", fresh)
    if t.rng.random() < 0.3:
        t.any_segment()
    other = t.rng.randrange(WORD)
    t.send(not out, t.rng.choice(["SA", "SA", "SA", "A", "RA"]), other, fresh + 1)
    t.send(out, t.rng.choice(["A", "A", "R", "RA"]), fresh + 1, other + 1)
    t.progress()


def challenge(talk, how):
    """The client comes back on a connection that the server still believes in."""
    t = talk
    state = t.rng.choice(STATES[8:])
    reach(t, state if how == "entry kept" else "NONE")
    fresh = t.near(True) if t.rng.random() < 0.5 else t.rng.randrange(WORD)
    for _ in range(t.rng.randrange(1, 3)):
        t.send(True, "S", fresh)
    t.send(False, t.rng.choice(["A", "A", "A", "SA", "R"]), t.v, t.c)
    if t.rng.random() < 0.3:
        t.send(True, "S", fresh)
    t.send(True, t.rng.choice(["R", "R", "RA", "A"]), t.rng.choice([t.c, t.c, t.c, fresh, 0, t.near(True)]),
           t.rng.choice([0, t.v]))
    t.send(True, "S", fresh)
    v = t.rng.randrange(WORD)
    t.send(False, "SA", v, fresh + 1)
    t.send(True, "A", fresh + 1, v + 1)
    t.progress()


def second_attempt(talk, how):
    """A connect() that is given up, and the next one from the same port with another ISN, while the entry of the
    first is still there."""
    t = talk
    t.syn()
    if t.rng.random() < 0.5:
        t.send(False, "A", t.rng.randrange(WORD), t.rng.randrange(WORD))  # of a connection that the server still has
    if how == "late SYN-ACK":
        t.send(False, "SA", t.v, t.c + 1)
    t.c += t.rng.choice([1, -1]) * t.rng.choice([1, 1000, 66000, 100000, 1 << 30, (1 << 31) - 2])
    for _ in range(t.rng.randrange(1, 3)):
        t.syn()
    if how == "reset between":
        t.send(True, "R", t.near(True))
    t.v = t.rng.choice([t.v + 1, t.v - 1, t.rng.randrange(WORD)])
    t.syn_ack()
    t.c, t.v = t.c + 1, t.v + 1
    t.send(True, "A", t.c, t.v)
    t.data(True)
    t.ack(False)
    t.data(False)


def given_up(talk, how):
    """A server gives up a connection that the client has lost, with a reset, between two SYNs of the client's next
    connect(): the second of them finds a listener."""
    t = talk
    t.syn()
    if how == "probed":
        t.send(False, "A", t.v - 1, t.rng.randrange(WORD))  # as the keepalive probe before
    t.send(False, "RA", t.v, t.rng.randrange(WORD))
    t.syn()
    t.v = t.rng.choice([t.v + 1, t.v - 1, t.rng.randrange(WORD), t.rng.randrange(WORD)])
    c = t.c
    t.syn_ack()
    t.send(True, "A", c + 1, t.v + 1)
    t.send(False, "SA", t.v, c + 1)  # sent again, as the ACK may not have come
    t.send(True, "A", c + 1, t.v + 1)
    t.c, t.v = c + 1, t.v + 1
    t.data(True)
    t.ack(False)


def pick_up(talk, cell):
    """Without an entry: the first segment is any, from any side."""
    out, flags = cell
    t = talk
    t.send(out, flags, t.own(out), t.own(not out) if "A" in flags else 0, length=t.rng.choice([0, 0, 100]))
    t.ack(not out)
    for _ in range(t.rng.randrange(2, 5)):
        t.progress()


def retransmissions(talk, how):
    """The same ACK over and over, windows that close, data that nobody acknowledges."""
    t = talk
    reach(t, t.rng.choice(["ESTABLISHED", "PICKED_UP_BOTH", "SYN_RECV", "FIN_WAIT", "TIME_WAIT"]))
    out = t.rng.random() < 0.5
    if how == "same ack":
        for _ in range(t.rng.randrange(2, 7)):
            t.ack(out)
        t.any_segment()
    elif how == "zero window":
        own, peer = t.own(out), t.own(not out)
        t.send(out, "A", own, peer, win=0)
        t.any_segment(not out)
        t.send(out, "A", own, peer, win=t.rng.choice([0, 1000]))
        t.data(not out, 1)
    elif how == "same data":
        own, peer = t.own(out), t.own(not out)
        for _ in range(t.rng.randrange(2, 7)):
            t.send(out, "PA", own, peer, length=100)
        t.send(not out, "A", peer, own + t.rng.choice([0, 50, 99, 100, 101]))
        t.progress()
    else:
        t.data(out)
        t.data(not out)
        for _ in range(3):
            t.progress()


def invalid_pairs(talk, _):
    """FIN or RST out of window, from both sides: the entry of a dead connection is shortened."""
    t = talk
    reach(t, t.rng.choice(["ESTABLISHED", "PICKED_UP_BOTH", "FIN_WAIT", "SYN_RECV"]))
    for _ in range(t.rng.randrange(2, 5)):
        out = t.rng.random() < 0.5
        t.send(out, t.rng.choice(["R", "RA", "FA"]), t.own(out) + t.rng.choice([1 << 30, -(1 << 30), 1 << 31]),
               t.own(not out))
    t.progress()


def free(talk, _):
    for _ in range(talk.rng.randrange(4, 10)):
        talk.any_segment()


def walk(talk, _):
    reach(talk, talk.rng.choice(STATES))
    for _ in range(talk.rng.randrange(3, 9)):
        talk.progress()


SCRIPTS = [
    ("table", table, list(itertools.product(STATES, [True, False], FLAGS + ODD_FLAGS[:4]))),
    ("limits", limits, list(itertools.product(LIMIT_STATES, [True, False], LIMITS, [-1, 0, 1]))),
    ("resets", resets, list(itertools.product(
        ["SYN_SENT", "SYN_SENT_ANSWERED", "SYN_SENT2", "SYN_RECV", "PICKED_UP", "ESTABLISHED", "FIN_WAIT", "CLOSE_WAIT",
         "LAST_ACK", "TIME_WAIT", "CLOSE"], [True, False],
        ["nothing", "syn", "server's ack", "client's ack", "data", "reset", "syn-ack"],
        ["exact", "before", "after", "zero", "last ack", "answers syn", "far"]))),
    ("reuse", reuse, ["above", "below", "near", "by server"] * 20),
    ("challenge", challenge, ["entry kept", "table lost"] * 30),
    ("second-attempt", second_attempt, ["plain", "late SYN-ACK", "reset between"] * 60),
    ("given-up", given_up, ["plain", "probed"] * 20),
    ("pick-up", pick_up, list(itertools.product([True, False], FLAGS + ODD_FLAGS))),
    ("retransmissions", retransmissions, ["same ack", "zero window", "same data", "unacknowledged"] * 15),
    ("invalid-pairs", invalid_pairs, [None] * 40),
    ("walk", walk, [None] * 150),
    ("free", free, [None] * 100),
]


def collision(nat, rng, number, seed):
    """Two clients come from the same port."""
    s = Sequence(nat, "collision", number, seed, rng.choice(PORTS), clients=2, drops_invalid=rng.random() < DROPS)
    talks = [Talk(s, rng, 0), Talk(s, rng, 1)]
    first, second = rng.sample(talks, 2)
    reach(first, rng.choice(["SYN_SENT", "SYN_RECV", "ESTABLISHED", "TIME_WAIT", "CLOSE", "LAST_ACK", "PICKED_UP"]))
    reach(second, rng.choice(["SYN_SENT", "SYN_RECV", "ESTABLISHED", "TIME_WAIT", "CLOSE", "PICKED_UP"]))
    for _ in range(rng.randrange(3, 8)):
        t = rng.choice(talks)
        if rng.random() < 0.3:
            t.send(True, "S", t.near(True))
        else:
            t.progress()
    return s.record


def expiry(nat, rng, number, seed):
    """Real time: entries whose timers are short run out, or are restarted."""
    import time
    s = Sequence(nat, "expiry", number, seed, rng.choice(PORTS), config=nat.short_timers, timed=True)
    t = Talk(s, rng)
    reach(t, rng.choice(STATES[1:]))
    for pause in rng.choice([(0.7, 0.7), (1.5, 1.2), (0.7, 1.6), (2.6, 0.1)]):
        time.sleep(pause)
        t.progress()
    return s.record


def record(nat, seed, most=None, only=None, times=0, besides=()):
    """Yields sequences; most: so many segments at most, picked evenly from all scripts, and from those besides that are
    of this NAT alone.  only: a script, or how the names of several begin.  times: sequences that need real time."""
    rng = random.Random(seed)
    plan = [(name, script, cell) for name, script, cells in [*SCRIPTS, *besides] for cell in cells
            if only is None or name.startswith(only)]
    if only in (None, "collision"):
        plan += [("collision", None, None)] * 120
    rng.shuffle(plan)
    done = 0
    for number, (name, script, cell) in enumerate(plan):
        if most is not None and done >= most:
            break
        if name == "collision":
            result = collision(nat, rng, number, seed)
        else:
            config = rng.choice(CONFIGS) if rng.random() < 0.25 else {}
            if name == "pick-up" and rng.random() < 0.5:
                config = {"loose": 0}
            drops = rng.random() < (0.5 if name == "pick-up" else DROPS)
            sequence = Sequence(nat, name, number, seed, rng.choice(PORTS), config, drops_invalid=drops)
            script(Talk(sequence, rng), cell)
            result = sequence.record
        if result.pop("late", False):
            continue
        done += len(result["steps"])
        yield result
    for number in range(times):
        yield expiry(nat, rng, 100000 + number, seed)
