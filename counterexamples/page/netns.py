import ctypes, errno, json, os, select, socket, struct, subprocess, sys, time

PLAN = json.loads(sys.argv[1])
PREFIX = sys.argv[2]
libc = ctypes.CDLL(None, use_errno=True)
TCP_REPAIR, TCP_REPAIR_QUEUE, TCP_QUEUE_SEQ, TCP_SEND_QUEUE = 19, 20, 21, 2
ESTABLISHED = 1


def end(status, words):
    print("halfopen: " + words, flush=True)
    sys.exit(status)


def enter(node):
    with open("/run/netns/%s-%d" % (PREFIX, node)) as namespace:
        if libc.setns(namespace.fileno(), 0x40000000):
            raise OSError(ctypes.get_errno(), "setns")


def opened(node, address, isn):
    """A socket that has begun to connect with the ISN of the story."""
    enter(node)
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.setblocking(False)
    s.bind(tuple(address))
    if isn is not None:
        s.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, 1)
        s.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR_QUEUE, TCP_SEND_QUEUE)
        s.setsockopt(socket.IPPROTO_TCP, TCP_QUEUE_SEQ, struct.pack("=I", isn))
        s.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, 0)
    return s


def connect(s, address):
    error = s.connect_ex(tuple(address))
    if error not in (0, errno.EINPROGRESS):
        raise OSError(error, os.strerror(error))


def established(s):
    return s.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] == ESTABLISHED


def forget(s):
    """Closes it without a word to the other end, as a host that loses power."""
    s.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, 1)
    s.close()


def flush_conntrack(node):
    """IPCTNL_MSG_CT_DELETE without a tuple, as `conntrack -F` sends it (nfnetlink_conntrack.h)."""
    enter(node)
    s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12)
    s.send(struct.pack("=IHHIIBBH", 20, 1 << 8 | 2, 1 | 4, 1, 0, socket.AF_INET, 0, 0))
    code = struct.unpack_from("=i", s.recv(4096), 16)[0]
    if code:
        raise OSError(-code, "conntrack cannot be flushed: " + os.strerror(-code))


def forwarding(node, on):
    enter(node)
    with open("/proc/sys/net/ipv4/ip_forward", "w") as file:
        file.write(str(on))


listeners, kept = [], []


def accept_all():
    for listener in listeners:
        try:
            while True:
                kept.append(listener.accept()[0])
        except BlockingIOError:
            pass


def play():
    if PLAN["not_tried"]:
        end(77, "not tried: " + PLAN["not_tried"])
    for server in PLAN["servers"]:
        enter(server["node"])
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(tuple(server["address"]))
        listener.listen(16)
        listener.setblocking(False)
        listeners.append(listener)
    old = []
    for c in PLAN["old"]:
        s = opened(c["node"], c["local"], c["isn"])
        connect(s, c["remote"])
        until = time.monotonic() + 5
        while not established(s) and time.monotonic() < until:
            accept_all()
            time.sleep(0.01)
        if not established(s):
            end(77, "not tried: the old connection of %s cannot be opened here" % c["name"])
        old.append((c, s))
    time.sleep(0.2)
    accept_all()
    print("%d old connections are open; now the fault" % len(old), flush=True)
    for c, s in old:
        if c["lost"]:
            forget(s)
    if PLAN["nat"] is not None:
        forwarding(PLAN["nat"], 0)
        if PLAN["table"] == "lost":
            flush_conntrack(PLAN["nat"])
        time.sleep(0.3)
        forwarding(PLAN["nat"], 1)

    begin = time.monotonic()
    waiting, running, since = list(PLAN["connects"]), {}, {}
    while time.monotonic() < begin + PLAN["window"]:
        now = time.monotonic() - begin
        while waiting and waiting[0]["after"] <= now:
            c = waiting.pop(0)
            s = opened(c["node"], c["local"], c["isn"])
            connect(s, c["remote"])
            running[c["name"]] = s
            print("%7.3f  %s connects with ISN %s" % (now, c["name"], c["isn"]), flush=True)
        accept_all()
        for name, s in running.items():
            if name not in since and established(s):
                since[name] = time.monotonic() - begin
                print("%7.3f  %s has its connection" % (since[name], name), flush=True)
        if all(name in since for name, recovers in PLAN["outcome"].items() if recovers) and \
                all(PLAN["outcome"].values()):
            break
        time.sleep(0.005)
    said, agreed = [], True
    for name, recovers in PLAN["outcome"].items():
        agreed = agreed and recovers == (name in since)
        said.append("%s %s (model: %s)" % (name, "recovered" if name in since else
                    "did not recover within %g s" % PLAN["window"], "recovers" if recovers else "does not"))
    end(0 if agreed else 1, "the model's outcome was %sseen: %s" % ("" if agreed else "not ", "; ".join(said)))


try:
    play()
except OSError as error:
    end(77, "not tried: %s" % error)
