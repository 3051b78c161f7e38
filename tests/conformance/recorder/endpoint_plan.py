"""What is sent to a real TCP: a grid of probes in every state, from a handshake on, and random short sequences."""

import itertools
import random
import time

from . import endpoint
from .endpoint import Connection

WORD = 1 << 32
FLAGS = ["S", "SA", "A", "PA", "FA", "R", "RA"]
ODD_FLAGS = ["", "F", "P", "SFA"]
SEQS = ["nxt", "nxt-1", "nxt+1", "wnd-1", "wnd", "wnd+1", "far-", "far+"]
ACKS = ["nxt", "nxt+1", "una-1", "far-", "far+"]
PASSIVE = ["LISTEN", "SYN_RCVD", "ESTABLISHED", "FIN_WAIT_1", "FIN_WAIT_2", "CLOSE_WAIT", "CLOSING", "LAST_ACK",
           "TIME_WAIT", "ORPHAN_FIN_WAIT_1", "ORPHAN_FIN_WAIT_2"]
ACTIVE = ["SYN_SENT", "SYN_RCVD_CROSSED", "ACTIVE_ESTABLISHED", "ACTIVE_TIME_WAIT"]


def handshake(c):
    c.send("S", c.iss)
    c.snd = c.iss + 1
    c.send("A", c.snd, c.rcv)


def reach(c, state, rng):
    """Brings the connection into a state by honest segments and calls."""
    if state in ACTIVE:
        c.connect()
        if state == "SYN_RCVD_CROSSED":
            c.send("S", c.iss)
            c.snd = c.iss + 1
        elif state != "SYN_SENT":
            c.send("SA", c.iss, c.rcv)
            c.snd = c.iss + 1
        if state == "ACTIVE_TIME_WAIT":
            c.call("shutdown")
            c.send("FA", c.snd, c.rcv)
            c.snd += 1
        return
    if state == "LISTEN":
        return
    if state == "SYN_RCVD":
        c.send("S", c.iss)
        c.snd = c.iss + 1
        return
    handshake(c)
    leave = "close" if state.startswith("ORPHAN") or (state in ("LAST_ACK", "TIME_WAIT", "CLOSING") and
                                                      rng.random() < 0.3) else "shutdown"
    if state in ("CLOSE_WAIT", "LAST_ACK"):
        c.send("FA", c.snd, c.rcv)
        c.snd += 1
    if state not in ("ESTABLISHED", "CLOSE_WAIT"):
        c.call(leave)
    if state == "CLOSING":
        c.send("FA", c.snd, c.rcv - 1)
        c.snd += 1
    if state in ("FIN_WAIT_2", "ORPHAN_FIN_WAIT_2"):
        c.send("A", c.snd, c.rcv)
    if state == "TIME_WAIT":
        if rng.random() < 0.5:
            c.send("A", c.snd, c.rcv)
        c.send("FA", c.snd, c.rcv)
        c.snd += 1


def window(c):
    for step in reversed(c.record["steps"]):
        for reply in reversed(step["replies"]):
            if "A" in reply["flags"] and "R" not in reply["flags"]:
                return (reply["ack"] + reply["win"] - c.snd) % WORD
    return 64240


def seq_of(c, name, rng):
    w = window(c)
    return {"nxt": c.snd, "nxt-1": c.snd - 1, "nxt+1": c.snd + 1, "wnd-1": c.snd + w - 1, "wnd": c.snd + w,
            "wnd+1": c.snd + w + 1, "far-": c.snd - rng.randrange(1 << 29, 1 << 30),
            "far+": c.snd + rng.randrange(1 << 29, 1 << 30), "iss": c.iss, "iss+1": c.iss + 1}[name]


def ack_of(c, name, rng):
    rcv = c.rcv if c.rcv is not None else rng.randrange(WORD)
    return {"nxt": rcv, "nxt+1": rcv + 1, "una-1": rcv - 1, "una-2": rcv - 2, "old": rcv - c.win,
            "older": rcv - c.win - rng.choice([1, 2, 3]), "far-": rcv - rng.randrange(1 << 29, 1 << 30),
            "far+": rcv + rng.randrange(1 << 29, 1 << 30)}[name]


AGES = [-5, -1, 0, 1, 2, 100, 50000, (1 << 31) - 16, None]


def probe(c, flags, seq, ack, rng, length=None, varied=0.0):
    """varied: how often the window is another one than the connection began with, and the time stamp not a newer one."""
    if length is None:
        length = 100 if "P" in flags else 0
    # A quick SYN is due 8 ms after a bad ACK.
    wait = 0.025 if c.record["steps"] and c.record["steps"][-1]["kernel_state_after"] == "SYN_SENT" else 0
    win = rng.choice([c.win, 8192, 30000]) if rng.random() < varied else None
    age = rng.choice(AGES) if c.stamp is not None and rng.random() < 2 * varied else -5
    step = c.send(flags, seq_of(c, seq, rng), ack_of(c, ack, rng) if "A" in flags else 0, length, win, wait, age)
    take_notice(c, step)
    return step


def take_notice(c, step):
    for reply in step["replies"]:
        # The peer takes notice of what it was told it has sent.
        if "A" in reply["flags"] and "R" not in reply["flags"] and (reply["ack"] - c.snd) % WORD < 1 << 20:
            c.snd = reply["ack"]


def grid(c, cell, rng):
    state, flags, seq, ack = cell
    reach(c, state, rng)
    probe(c, flags, seq, ack, rng)
    # And whether it is still as it was: what an honest ACK meets.
    if c.rcv is not None and rng.random() < 0.5:
        probe(c, "A", "nxt", "nxt", rng)


def syn_again(c, cell, rng):
    """The peer's SYN once more, alone, with an ACK, with text or a FIN behind it, or what follows it; then anything."""
    state, flags, seq, ack = cell
    reach(c, state, rng)
    probe(c, flags, seq, ack, rng, rng.choice([0, 0, 1, 100]) if "R" not in flags else 0)
    for _ in range(rng.randrange(3)):
        if c.record["steps"][-1]["kernel_state_after"] == "ESTABLISHED" and rng.random() < 0.2:
            c.call(rng.choice(["write", "shutdown"]), 100)
        probe(c, rng.choice(FLAGS), rng.choice(["nxt", "nxt", "nxt-1", "nxt+1", "iss", "far-"]),
              rng.choice(["nxt", "nxt", "una-1", "una-2", "nxt+1"]), rng)


def short(c, state, rng):
    reach(c, state, rng)
    for _ in range(rng.randrange(2, 6)):
        if rng.random() < 0.12 and c.record["steps"] and \
                c.record["steps"][-1]["kernel_state_after"] in ("ESTABLISHED", "CLOSE_WAIT"):
            c.call(rng.choice(["write", "shutdown", "close"]), rng.choice([1, 100]))
            continue
        flags = rng.choice(FLAGS if rng.random() < 0.93 else ODD_FLAGS)
        probe(c, flags, rng.choice(SEQS + ["nxt"] * 8 + ["iss", "iss+1"]),
              rng.choice(ACKS + ["nxt"] * 6 + ["una-2", "old", "older"]), rng,
              rng.choice([None, None, None, 1, 100]) if flags not in ("R", "RA", "S", "SA") else 0, 0.15)


WINDOWS = [0, 10, 20, 21, 40, 60]


def windows(c, state, rng):
    """Windows so small that an acknowledgement is soon too old, that grow, shrink and close: which one the endpoint
    holds, and which was the largest, shows in what it does with old acknowledgements."""
    c.win = rng.choice([20, 30, 40, 64240])
    syn_win = rng.choice([c.win, c.win, 10, 60, 64240])
    if state.startswith("ACTIVE"):
        c.connect()
        c.send("SA", c.iss, c.rcv, win=syn_win)
        c.snd = c.iss + 1
    else:
        c.send("S", c.iss, win=syn_win)
        c.snd = c.iss + 1
        c.send("A", c.snd, c.rcv)
    least = min(c.win, syn_win)
    unsure = 0  # octets that may still be outstanding: an ACK that is refused acknowledges nothing

    def write():
        # What does not fit into the window would have to wait for it.
        nonlocal unsure
        size = rng.choice([1, 15])
        if rng.random() >= 0.8 or least < max(20, unsure + size):
            return False
        unsure += size
        return c.call("write", size)

    for _ in range(rng.randrange(5)):
        if write():
            c.send("A", c.snd, c.rcv)
            unsure = 0
    if state == "CLOSE_WAIT":
        c.send("FA", c.snd, c.rcv)
        c.snd += 1
    outstanding, closed = bool(write()), state == "CLOSE_WAIT"
    for _ in range(rng.randrange(3, 9)):
        if not outstanding and rng.random() < 0.15:
            outstanding = bool(write())
            continue
        flags = rng.choice(["A", "A", "A", "PA", "PA", "FA"] if rng.random() < 0.5 else ["A", "PA"])
        # Text behind the peer's FIN is not answered: to wait for that would see ours sent again, cut to the window.
        flags = "A" if outstanding and closed else flags
        length = rng.choice([1, 15, 100]) if flags != "A" else 0
        seq = c.snd + rng.choice([0, 0, 0, 0, 0, -1, 1, -length, -15, 5])
        ack = c.rcv + rng.choice([0, 0, 0, 0, -1, -15])
        if rng.random() < 0.3:
            ack = c.rcv - rng.choice([0, 1, 15, 16]) - rng.choice(WINDOWS + [c.win, syn_win]) - rng.choice([0, 1])
        win = rng.choice([c.win] * 6 + WINDOWS)
        least = min(least, win)
        age = rng.choice(AGES[:7]) if c.stamp is not None and rng.random() < 0.4 else -5
        # What stands elsewhere, or is older, may be refused, and acknowledges nothing then.
        outstanding &= (ack - c.rcv) % WORD != 0 or (seq - c.snd) % WORD != 0 or age > 0
        step = c.send(flags, seq, ack, length, win, 0, age)
        closed |= "F" in flags
        take_notice(c, step)
        if step["kernel_state_after"] == "NONE":
            return


ECHOES = ["zero", "first", "first-1", "first+1", "newest", "newest+1", "now", "now+50", "far-", "far+", "half-", "half+"]


def echo_of(c, name, rng):
    """A TSecr beside the TSvals of its SYNs, or beside its clock; None, the right one, where there is none yet."""
    if not c.syn_stamps:
        return None
    first, newest, now = c.syn_stamps[0], c.syn_stamps[-1], c.its_clock()
    return {"zero": 0, "first": first, "first-1": first - 1, "first+1": first + 1, "newest": newest,
            "newest+1": newest + 1, "now": now - 10, "now+50": now + 50, "far-": first - rng.randrange(100, 1 << 30),
            "far+": now + rng.randrange(100, 1 << 30), "half-": first + (1 << 31) - 1000,
            "half+": now + (1 << 31) + 1000}[name]


def echoes(c, state, rng):
    """TSecr on either side of what its SYNs carried, before the connection is made and right after."""
    c.stamp = rng.choice([rng.randrange(WORD), WORD - 10, (1 << 31) - 10]) | 1
    reach(c, state, rng)
    # In SYN_SENT its clock is the limit, which nobody knows to the tick: it must have gone on since the SYN.
    for _ in range(rng.choice([1 if state == "SYN_SENT" else 0, 1, 1, 2])):
        time.sleep(rng.choice([0.012, 0.03]))
        if state == "SYN_RCVD" and rng.random() < 0.8:
            take_notice(c, c.send("S", c.iss, echo=echo_of(c, rng.choice(["zero", "zero"] + ECHOES), rng)))
    for _ in range(rng.randrange(1, 4)):
        flags = rng.choice(FLAGS + ["A", "A", "SA", "PA"] if rng.random() < 0.95 else ODD_FLAGS)
        # A quick SYN is due 8 ms after a bad ACK.
        wait = 0.025 if c.record["steps"][-1]["kernel_state_after"] == "SYN_SENT" else 0
        take_notice(c, c.send(flags, seq_of(c, rng.choice(["nxt"] * 6 + ["iss", "nxt-1", "nxt+1", "far-"]), rng),
                              ack_of(c, rng.choice(["nxt"] * 8 + ["una-1", "nxt+1"]), rng) if "A" in flags else 0,
                              100 if "P" in flags else 0, None, wait, rng.choice([-5] * 6 + [0, 1, 100]),
                              echo_of(c, rng.choice(ECHOES), rng)))
        if c.record["steps"][-1]["kernel_state_after"] == "NONE":
            return
    if c.rcv is not None:
        c.send("SA" if state == "SYN_SENT" else "A", c.iss if state == "SYN_SENT" else c.snd, c.rcv)


def late_echoes(c, state, rng):
    """The same after a SYN or SYN-ACK that the kernel has sent again by itself."""
    c.stamp = rng.randrange(WORD) | 1
    reach(c, state, rng)
    c.wait(rng.choice([1.2, 2.4]))
    for name in rng.sample(ECHOES, 3):
        take_notice(c, c.send("SA" if state == "SYN_SENT" else "A", c.iss if state == "SYN_SENT" else c.snd, c.rcv,
                              echo=echo_of(c, name, rng)))
        if c.record["steps"][-1]["kernel_state_after"] not in ("SYN_SENT", "SYN_RECV"):
            return


def recents(c, state, rng):
    """Whether TS.Recent is taken from an acknowledgement that is old: what stands right where the next octet is
    expected, and then one far to the left, whose answer echoes TS.Recent and takes none."""
    c.stamp = rng.randrange(WORD) | 1
    reach(c, state, rng)
    carried = rng.choice([0, 0, 1, 100])
    if carried:
        c.call("write", carried)
        take_notice(c, c.send("A", c.snd, c.rcv))
    for _ in range(rng.randrange(1, 4)):
        back = rng.choice([0, 1, 2, carried, carried + 1, carried + 2, carried + 3, c.win, c.win + 1, 1 << 29])
        step = c.send("A", c.snd, c.rcv - back, 0, None, 0, rng.choice([-5, -5, -5, -1, 1, 2, 100]))
        take_notice(c, step)
        take_notice(c, c.send("A", c.snd - (1 << 29), c.rcv))


def challenge(c, state, rng):
    """The limit of challenge ACKs in real time: one in half a second for a connection."""
    reach(c, state, rng)
    kinds = [("S", "nxt", "nxt"), ("R", "nxt+1", "nxt"), ("RA", "wnd-1", "nxt"), ("A", "nxt", "nxt+1"),
             ("SA", "nxt", "nxt"), ("A", "far-", "nxt"), ("S", "iss", "nxt")]
    for pause in rng.choice([(0, 0.1, 0.55), (0.2, 0.2, 0.2), (0.6, 0, 0.05)]):
        probe(c, *rng.choice(kinds), rng)
        if pause:
            c.wait(pause)
    probe(c, *rng.choice(kinds), rng)


def retransmission(c, state, rng):
    """What the endpoint sends again when nobody answers."""
    reach(c, state, rng)
    if state == "ESTABLISHED":
        c.call("write", 100)
    c.wait(rng.choice([1.3, 1.6]) if state not in ("SYN_SENT", "SYN_RCVD") else rng.choice([1.5, 2.5]))
    probe(c, rng.choice(FLAGS), rng.choice(SEQS), rng.choice(ACKS), rng)


def unacknowledged_syn(c, state, rng):
    """After crossing SYNs an ACK that acknowledges nothing: ESTABLISHED, and the SYN is sent again."""
    reach(c, state, rng)
    probe(c, rng.choice(["A", "PA"]), "nxt", "una-1", rng)
    called = rng.random() < 0.4
    if called:
        c.call(rng.choice(["write", "shutdown"]), 100)
    c.wait(rng.choice([0.5, 1.5, 7.8]))
    if not called:
        # How long does it wait for its first data now?
        c.send("A", c.snd, c.rcv)
        for _ in range(2):
            c.call("write", 10)
            c.send("A", c.snd, c.rcv)


def backoff(c, state, rng):
    """Data or a FIN that was sent more than once is acknowledged: how long does it wait the next time, and the time
    after that?"""
    reach(c, state, rng)
    for _ in range(rng.randrange(1, 3)):
        c.call("write", 10)
        c.wait(rng.choice([0.3, 0.3, 0.8]))
        c.send("A", c.snd, c.rcv)
    c.call(rng.choice(["write", "write", "shutdown", "close"]), 10)
    if rng.random() < 0.3:
        c.wait(0.6)
    c.send("A", c.snd, c.rcv)
    if c.record["steps"][-1]["kernel_state_after"] in ("ESTABLISHED", "CLOSE_WAIT"):
        c.call(rng.choice(["write", "shutdown"]), 10)


def fin_wait_2(c, state, rng):
    """The orphan's two seconds."""
    reach(c, state, rng)
    c.wait(rng.choice([0.5, 2.6]))
    probe(c, rng.choice(["A", "FA", "S"]), rng.choice(["nxt", "nxt-1"]), "nxt", rng)


def keepalive(c, state, rng):
    reach(c, state, rng)
    c.accept()
    c.wait(rng.choice([1.4, 2.4]))
    probe(c, "A", "nxt", "nxt", rng)
    c.wait(rng.choice([0.5, 1.4]))


def with_stamps(script):
    """The same where both ends use timestamps; a tenth of the peers offers none."""
    def stamped_script(c, state, rng):
        if rng.random() < 0.9:
            c.stamp = rng.choice([rng.randrange(WORD), WORD - 10, (1 << 31) - 10]) | 1
        script(c, state, rng)
    return stamped_script


stamped, stamped_windows = with_stamps(short), with_stamps(windows)
SYN_AGAIN = list(itertools.product(["SYN_RCVD", "SYN_RCVD_CROSSED"], ["S", "SA", "SFA", "A", "PA", "FA", "R"],
                                   ["iss", "iss+1"], ["nxt", "una-1", "una-2"]))
SCRIPTS = [
    ("grid", grid, "passive", list(itertools.product(PASSIVE, FLAGS, SEQS, ACKS))),
    ("grid", grid, "active", list(itertools.product(ACTIVE, FLAGS, SEQS, ACKS))),
    ("grid", grid, "passive", list(itertools.product(PASSIVE, ODD_FLAGS, ["nxt", "far-", "far+"], ["nxt"]))),
    ("syn-again", syn_again, "passive", [cell for cell in SYN_AGAIN if cell[0] == "SYN_RCVD"] * 4),
    ("syn-again", syn_again, "active", [cell for cell in SYN_AGAIN if cell[0] == "SYN_RCVD_CROSSED"] * 4),
    ("short", short, "passive", PASSIVE * 40),
    ("short", short, "active", ACTIVE * 40),
    ("windows", windows, "passive", ["ESTABLISHED"] * 450 + ["CLOSE_WAIT"] * 50),
    ("windows", windows, "active", ["ACTIVE_ESTABLISHED"] * 200),
    ("stamped", stamped, "passive", PASSIVE * 40),
    ("stamped", stamped, "active", ACTIVE * 40),
    ("stamped-windows", stamped_windows, "passive", ["ESTABLISHED"] * 450 + ["CLOSE_WAIT"] * 50),
    ("stamped-windows", stamped_windows, "active", ["ACTIVE_ESTABLISHED"] * 200),
    ("recents", recents, "passive", ["ESTABLISHED"] * 100),
    ("recents", recents, "active", ["ACTIVE_ESTABLISHED"] * 100),
    ("echoes", echoes, "passive", ["SYN_RCVD"] * 300 + ["ESTABLISHED"] * 40),
    ("echoes", echoes, "active", ["SYN_SENT"] * 240 + ["SYN_RCVD_CROSSED"] * 80 + ["ACTIVE_ESTABLISHED"] * 20),
]
TIMED = [
    ("challenge", challenge, "passive", ["ESTABLISHED", "CLOSE_WAIT", "FIN_WAIT_2", "LAST_ACK", "TIME_WAIT",
                                         "ORPHAN_FIN_WAIT_2", "SYN_RCVD"], {"tcp_invalid_ratelimit": 500}),
    ("challenge", challenge, "active", ["ACTIVE_ESTABLISHED", "SYN_RCVD_CROSSED"], {"tcp_invalid_ratelimit": 500}),
    ("retransmission", retransmission, "passive", ["ESTABLISHED", "FIN_WAIT_1", "ORPHAN_FIN_WAIT_1", "LAST_ACK",
                                                   "SYN_RCVD"], {}),
    ("retransmission", retransmission, "active", ["SYN_SENT", "SYN_RCVD_CROSSED"], {}),
    ("echoes", late_echoes, "passive", ["SYN_RCVD", "SYN_RCVD"], {}),
    ("echoes", late_echoes, "active", ["SYN_SENT"], {}),
    ("unacknowledged-syn", unacknowledged_syn, "active", ["SYN_RCVD_CROSSED", "SYN_RCVD_CROSSED"], {}),
    ("backoff", backoff, "passive", ["ESTABLISHED", "ESTABLISHED", "CLOSE_WAIT"], {}),
    ("backoff", backoff, "active", ["ACTIVE_ESTABLISHED"], {}),
    ("stamped-backoff", with_stamps(backoff), "passive", ["ESTABLISHED"], {}),
    ("fin-wait-2", fin_wait_2, "passive", ["ORPHAN_FIN_WAIT_2"], {"fin_wait_2": 2000}),
    ("keepalive", keepalive, "passive", ["ESTABLISHED", "CLOSE_WAIT"],
     {"keepalive": True, "keepalive_idle": 1000, "keepalive_interval": 1000, "keepalive_count": 3}),
]


def record(real, seed, most=None, only=None, times=0):
    """Yields sequences; most: so many segments and calls at most, picked evenly.  times: sequences that need real
    time."""
    rng = random.Random(seed)
    plan = [(name, script, end, cell, None) for name, script, end, cells in SCRIPTS for cell in cells
            if only in (None, name)]
    rng.shuffle(plan)
    timed = [(name, script, end, state, config) for name, script, end, states, config in TIMED for state in states
             if only in (None, name)]
    rng.shuffle(timed)
    done, number = 0, 0
    for name, script, end, cell, config in itertools.chain(
            plan if most is None else itertools.takewhile(lambda _: done < most, plan),
            itertools.islice(itertools.cycle(timed), times) if timed else ()):
        near = rng.random() < 0.2
        iss = rng.choice([0, WORD - 1, WORD - 70000]) + rng.randrange(3) if near else rng.randrange(WORD)
        if config is None and rng.random() < 0.05:
            config = {"tcp_rfc1337": True}
        if name.startswith(("stamped", "echoes", "recents")):
            config = {**(config or {}), "timestamps": True}
        c = Connection(real, name, number, seed, end, config, iss, rng.choice([64240, 64240, 65535, 8192]))
        script(c, cell, rng)
        number += 1
        record = c.end_it()
        if c.disturbed:
            continue
        done += len(record["steps"])
        yield record
