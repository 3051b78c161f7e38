"""The picture: well-formed, of itself alone, and with what a textbook's chart has."""

import os
import sys
import xml.etree.ElementTree as tree

from common import HANG, check, equal, export, finish

SVG = "{http://www.w3.org/2000/svg}"
picture = export(HANG, "svg", "hang.svg")
root = tree.parse(picture).getroot()
equal(root.tag, SVG + "svg", "root")
width, height = float(root.get("width")), float(root.get("height"))


def of_class(name):
    return [element for element in root.iter() if name in (element.get("class") or "").split()]


equal(len(of_class("lane-head")), 3, "lanes")
texts = ["".join(element.itertext()) for element in root.iter(SVG + "text")]
for wanted in ("clientA", "freebsd-7", "SYN 2000000000", "RST 1000000000", "181 s", "SYN_SENT", "for ever", "[out-of-window]"):
    check(wanted in texts, "it says " + wanted)
check(any("the same again at 184" in text for text in texts), "repetitions are folded")
leaks = of_class("leaked")
equal(len(leaks), 2, "leaks, one before the loop and one in it")
check(all(any("cross" in (part.get("class") or "") for part in leak) for leak in leaks), "a leak ends in a cross")
check(len(of_class("loop")) == 1 and len(of_class("down")) == 1, "the loop and the time when the NAT is down are marked")
for line in root.iter(SVG + "line"):
    check(0 <= float(line.get("x1")) <= width and 0 <= float(line.get("x2")) <= width, "lines stay inside")
for element in root.iter():
    check(not any(name.endswith("href") for name in element.attrib), "it refers to nothing outside")
kept = os.path.join(sys.argv[2], "docs", "pictures", "one-client.svg")
check(open(kept).read() == open(picture).read(), "the picture in the documentation is this one; if not, put it there: "
      "halfopen check founding --variant one-client --trace svg -o docs/pictures/one-client.svg")
finish()
