"""What is sent besides nat_plan.py through a tracker that descends from pf's (Open vSwitch's lib/conntrack-tcp.c): what
its policy claims, limit by limit.  seqlo, seqhi, max_win: what it knows of each side."""

import itertools

from .nat_plan import STATES, WORD, reach

DISTANCE = 0xFFFF + 1500  # MAXACKWINDOW
KNOWN = STATES[1:]


def continues(talk, iss):
    """The server answers a SYN, and what follows if both hear of it."""
    t = talk
    t.c, t.v = iss, t.rng.randrange(WORD)
    t.syn_ack()
    t.c, t.v = t.c + 1, t.v + 1
    t.ack(True)
    t.data(True)
    t.data(False)


def syn(talk, cell):
    """A SYN with another ISS, on either side of each limit that it could have."""
    state, where, side = cell
    t = talk
    reach(t, state)
    # seqlo is what is next, but for the SYN itself; seqhi what was acknowledged last and the window with it.
    own, window = t.own(True), max(t.vwin, 1)
    iss = {"left": own - window, "seqlo": own, "seqhi": own + window - 1, "loose left": own - DISTANCE,
           "loose right": own + window + DISTANCE - 1, "half a circle": own + (1 << 31)}[where] + side
    t.send(True, "S", iss)
    if t.rng.random() < 0.3:
        t.send(True, "S", iss)
    continues(t, iss)


def reset(talk, cell):
    """A reset next to seqlo, in the window and outside of it."""
    state, out, where, acks = cell
    t = talk
    reach(t, state)
    window = max(t.vwin if out else t.cwin, 1)
    seq = t.own(out) + {"two before": -2, "before": -1, "seqlo": 0, "next": 1, "two after": 2, "in window": window // 2,
                        "seqhi": window, "beyond": window + 1, "far": 1 << 31}[where]
    t.send(out, "RA" if acks else "R", seq, t.own(not out) if acks else 0)
    t.data(True)
    t.send(True, "S", t.own(True) + t.rng.choice([1, 65536, 1 << 30]))
    t.data(False)


def one_sided(talk, cell):
    """A side of which nothing has been seen has 0 for its numbers: what the other side sends first, and then its own
    first segment, anywhere on the circle."""
    before, where, flags = cell
    t = talk
    t.syn()
    if before in ("same", "both"):
        t.syn()
    if before in ("other", "both"):
        t.c += t.rng.choice([1, 1000, 1 << 20, 1 << 31, WORD - 1000])
        t.syn()
    if before == "ack":
        t.send(True, "A", t.c + 1, t.rng.choice([0, DISTANCE, DISTANCE + 1, 1 << 31]))
    if before == "reset":
        t.reset(True)
    t.v = {"0": 0, "window": t.cwin + t.rng.randrange(-2, 2), "half": (1 << 31) + t.rng.randrange(-2, 2),
           "upper": t.rng.randrange(1 << 31, WORD), "lower": t.rng.randrange(1 << 31)}[where]
    t.send(False, flags, t.v, t.rng.choice([t.c + 1, t.rng.randrange(WORD)]) if "A" in flags else 0)
    t.c += t.rng.choice([0, 1, 65536, 1 << 30])
    t.syn()
    continues(t, t.c)


def granted(talk, cell):
    """An old server's segment acknowledges what the client has never sent, and so grants numbers: SYNs up to there."""
    flags, where = cell
    t = talk
    t.syn()
    edge = t.c + t.rng.choice([2, 1000, 65536, 1 << 30])
    t.send(False, flags, t.v, edge, win=t.rng.choice([1, 1000, 65535]), length=t.rng.choice([0, 0, 100]))
    edge += max(t.s.record["steps"][-1]["win"], 1)
    for _ in range(3):
        low, high = sorted([t.c, edge - 1]) if where != "beyond" else (edge, edge + 1000)
        iss = t.rng.randrange(low, high + 1) if where != "edge" else edge - 1 + t.rng.choice([0, 0, 1])
        t.send(True, "S", iss)
        t.send(False, "SA", t.rng.randrange(WORD), iss + 1)
        t.c = iss
    t.send(False, "FA", t.v, edge)
    t.send(True, "R", edge)


def forgotten(talk, cell):
    """The table was lost: what each side of a connection sends first, and a client that comes back."""
    out, flags, then = cell
    t = talk
    t.send(out, flags, t.own(out), t.own(not out) if "A" in flags else 0, length=100 if "P" in flags else 0)
    if then == "answered":
        t.ack(not out)
        t.data(True)
        t.ack(False)
    elif then == "reset":
        t.send(not out, "R", t.own(not out))
    iss = t.own(True) + t.rng.choice([1, -1, 65536, -65536, 1 << 30, -(1 << 30)])
    t.send(True, "S", iss)
    continues(t, iss)


def closed(talk, cell):
    """A connection that ends, whoever ends it and how far; and a SYN then, from either side."""
    order, who, how = cell
    t = talk
    t.established()
    t.data(True)
    t.ack(False)
    for step in order:
        out = step.isupper()
        if step in "Ff":
            t.fin(out)
        elif step in "Rr":
            t.reset(out)
        else:
            t.ack(out)
    iss = t.own(who) + {"next": 1, "above": 100000, "below": -100000, "far": 1 << 31}[how]
    t.send(who, "S", iss)
    if who:
        continues(t, iss)
    else:
        t.send(True, "SA", t.own(True), iss + 1)
        t.data(True)
    t.send(True, "S", t.rng.randrange(WORD))


# Capitals are the client's: FIN, RST, ACK.
ENDINGS = ["F", "Fa", "FafA", "FfAa", "FfaA", "faFa", "f", "fA", "fAFa", "fF", "R", "r", "FR", "fr", "FafR"]

SCRIPTS = [
    ("ovs-syn", syn, list(itertools.product(
        KNOWN, ["left", "seqlo", "seqhi", "loose left", "loose right", "half a circle"], [-1, 0, 1]))),
    ("ovs-reset", reset, list(itertools.product(
        KNOWN, [True, False], ["two before", "before", "seqlo", "next", "two after", "in window", "seqhi", "beyond", "far"],
        [True, False]))),
    ("ovs-one-sided", one_sided, list(itertools.product(
        ["nothing", "same", "other", "both", "ack", "reset"], ["0", "window", "half", "upper", "lower"],
        ["SA", "A", "RA", "R", "S", "FA"]))),
    ("ovs-granted", granted, list(itertools.product(["FA", "A", "PA", "RA"], ["between", "edge", "beyond"])) * 4),
    ("ovs-forgotten", forgotten, list(itertools.product(
        [True, False], ["A", "PA", "FA", "R", "RA", "SA"], ["answered", "silent", "reset"]))),
    ("ovs-closed", closed, list(itertools.product(ENDINGS, [True, False], ["next", "above", "below", "far"]))),
]
