"use strict";
(() => {
  const story = JSON.parse(document.getElementById("story").textContent);
  const $ = (id) => document.getElementById(id);
  const steps = story.steps;
  const loop = story.loop;

  // Only what changed is written of each step: carry the rest on.
  let states = story.initial.states;
  for (const step of steps) states = step.states = { ...states, ...step.states };

  const drawings = [...document.querySelectorAll(".drawing")];
  let drawing = drawings[0];
  // Where one can stop: the steps that the drawing shows.  -1 is before the first.
  const stopsOf = (d) => [-1, ...[...d.querySelectorAll(".row")].map((row) => +row.dataset.step)];
  let stops = stopsOf(drawing);
  let at = 0;
  let round = 1;

  const make = (tag, className, text) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const seconds = (ms) => (ms % 1000 ? (ms / 1000).toFixed(3) : ms / 1000) + " s";
  const endless = () => loop !== null && stops.some((s) => s >= loop);
  const loopStop = () => stops.findIndex((s) => s >= loop);

  function field(list, name, value, before, wide) {
    list.append(make("dt", "", name));
    const cell = make("dd", wide ? "wide" : "");
    if (before !== undefined && before !== value) {
      if (before !== "" && typeof value === "string" && (before + value).length <= (wide ? 40 : 15)) cell.append(make("span", "was", before));
      cell.append(make("span", "new", value));
    } else cell.append(String(value));
    list.append(cell);
  }
  // A timer that runs down is no news; one that was set anew or stopped is.
  function timers(list, now, before, passed) {
    const text = Object.entries(now).map(([name, ms]) => name + " in " + seconds(ms)).join(", ");
    const news = before && (Object.keys(now).join() !== Object.keys(before).join() ||
      Object.entries(now).some(([name, ms]) => before[name] - passed !== ms));
    field(list, "timers", text || "none", news ? "" : undefined, true);
  }
  function connection(tcb, before, passed) {
    const list = make("dl", "entry");
    const b = before || {};
    field(list, "state", tcb.state, b.state, true);
    field(list, "local", tcb.local, before && b.local);
    field(list, "remote", tcb.remote, before && b.remote);
    field(list, "SND.UNA", tcb.snd_una, b.snd_una);
    field(list, "SND.NXT", tcb.snd_nxt, b.snd_nxt);
    field(list, "RCV.NXT", tcb.rcv_nxt, b.rcv_nxt);
    field(list, "RCV.WND", tcb.rcv_wnd, b.rcv_wnd);
    field(list, "ISS", tcb.iss, b.iss);
    field(list, "resent", tcb.retransmits, b.retransmits);
    timers(list, tcb.timers_ms, before && b.timers_ms, passed);
    return list;
  }
  function entry(e, before, passed) {
    const list = make("dl", "entry");
    const b = before || {};
    const fresh = before === null;
    field(list, "state", e.state + (e.assured ? " [ASSURED]" : e.seen_reply ? "" : " [UNREPLIED]"),
      fresh ? "" : before && b.state + (b.assured ? " [ASSURED]" : b.seen_reply ? "" : " [UNREPLIED]"), true);
    field(list, "from", e.inside, fresh ? "" : b.inside);
    field(list, "as", e.outside, fresh ? "" : b.outside);
    field(list, "to", e.destination, fresh ? "" : b.destination);
    field(list, "expires", "in " + seconds(e.timeout_ms), before && b.timeout_ms - passed !== e.timeout_ms ? "" : undefined);
    field(list, "original", "end " + e.original.td_end + "  maxend " + e.original.td_maxend,
      before && "end " + b.original.td_end + "  maxend " + b.original.td_maxend, true);
    field(list, "reply", "end " + e.reply.td_end + "  maxend " + e.reply.td_maxend,
      before && "end " + b.reply.td_end + "  maxend " + b.reply.td_maxend, true);
    return list;
  }
  function card(node, now, before, passed) {
    const box = make("section", "state");
    const title = make("h3", "", node.name);
    title.append(make("span", "", node.address + " · " + node.policy));
    box.append(title);
    if (node.kind === "client") box.append(connection(now, before, passed));
    const find = (list, same) => (list ? list.find(same) || null : undefined);
    if (node.kind === "server") {
      for (const tcb of now) box.append(connection(tcb, find(before, (b) => b.remote === tcb.remote) || undefined, passed));
      const gone = (before || []).filter((b) => !now.some((tcb) => tcb.remote === b.remote));
      for (const b of gone) box.append(make("p", "none gone", "connection with " + b.remote + " is gone"));
      if (!now.length && !gone.length) box.append(make("p", "none", "no connection"));
    }
    if (node.kind === "nat") {
      if (now.down) box.append(make("p", "none gone", "is down"));
      for (const e of now.entries) box.append(entry(e, find(before && before.entries,
        (b) => b.inside === e.inside && b.outside === e.outside && b.destination === e.destination), passed));
      const gone = ((before && before.entries) || []).filter((b) => !now.entries.some((e) => e.inside === b.inside && e.outside === b.outside));
      for (const b of gone) box.append(make("p", "none gone", "entry " + b.inside + " → " + b.outside + " is gone"));
      if (!now.entries.length && !gone.length && !now.down) box.append(make("p", "none", "table is empty"));
    }
    if (box.querySelector(".new,.gone")) box.classList.add("touched");
    return box;
  }
  function showRule(box, title, rule) {
    if (!rule) return;
    const line = make("div", "rulebox");
    line.append(title + " ", make("b", "mono", rule.id), make("br"), rule.source, make("br"),
      make("code", "", rule.file.replace(/^.*\/(?=spec\/)/, "") + ":" + rule.line));
    box.append(line);
  }
  function showStep(index) {
    const box = $("now");
    box.replaceChildren();
    const head = make("div", "head");
    if (index < 0) {
      head.append(make("b", "", "Before"), make("span", "", "0 s"));
      box.append(head, make("p", "what", "Everybody believes in the old connections. → steps on."));
      return;
    }
    const step = steps[index];
    head.append(make("b", "", step.actor), make("span", "", seconds(step.time_ms)));
    box.append(head);
    const words = { lose: "the link loses a packet", duplicate: "the link duplicates a packet", deliver: step.outcome || (step.sent.length ? "answers" : "takes it") };
    box.append(make("p", "what", step.text || words[step.kind] || step.kind));
    for (const p of step.properties) box.append(make("span", "tag", p));
    const list = make("ul");
    if (step.segment) list.append(make("li", "mono", "in  " + step.segment));
    for (const s of step.sent) list.append(make("li", "mono" + (s.lost ? " gone" : ""), "out " + s.text + (s.lost ? "  ✕" : "")));
    for (const d of step.draws) if (!step.text.includes(d.value)) list.append(make("li", "", "draws " + d.kind + " " + d.value));
    if (step.event) list.append(make("li", "", "told the application: " + step.event));
    if (list.children.length) box.append(list);
    showRule(box, "rule", step.rule);
    showRule(box, "the NAT host's own TCP, rule", step.host_rule);
  }
  function showStates(index, beforeIndex) {
    const now = index < 0 ? story.initial.states : steps[index].states;
    const before = index < 0 ? undefined : beforeIndex < 0 ? story.initial.states : steps[beforeIndex].states;
    const passed = index < 0 ? 0 : steps[index].time_ms - (beforeIndex < 0 ? 0 : steps[beforeIndex].time_ms);
    $("states").replaceChildren(...story.nodes.map((node) => card(node, now[node.name], before && before[node.name], passed)));
    const links = index < 0 ? story.initial.in_flight : steps[index].in_flight;
    const old = beforeIndex < 0 ? [] : steps[beforeIndex].in_flight;
    const box = make("section", "state");
    for (const p of links) {
      const line = make("dl", "entry");
      const text = p.text + (p.delay_ms ? " (in " + seconds(p.delay_ms) + ")" : "");
      field(line, p.from + " → " + p.to, text, old.some((o) => o.text === p.text && o.from === p.from) ? undefined : "", true);
      box.append(line);
    }
    if (!links.length) box.append(make("p", "none", "nothing on its way"));
    else box.querySelectorAll("dl").forEach((d) => (d.style.paddingTop = "8px"));
    $("links").replaceChildren(box);
  }
  function paint() {
    const index = stops[at];
    const before = at > 0 ? stops[at - 1] : -1;
    for (const element of drawing.querySelectorAll("[data-step]")) {
      const step = +element.dataset.step;
      element.classList.toggle("future", step > index && !element.classList.contains("row"));
      element.classList.toggle("now", step === index);
      element.classList.toggle("flying", element.dataset.end !== undefined && step <= index && +element.dataset.end > index);
    }
    for (const row of drawing.querySelectorAll(".row")) row.classList.toggle("future", false);
    showStep(index);
    showStates(index, before);
    const inLoop = loop !== null && index >= loop;
    $("where").textContent = "step " + at + " of " + (stops.length - 1) + (index >= 0 ? " · " + seconds(steps[index].time_ms) : "") +
      (inLoop ? " · loop, round " + round : "");
    $("back").disabled = at === 0;
    $("on").disabled = at === stops.length - 1 && !endless();
    const row = drawing.querySelector(".row.now");
    if (row) reveal(row);
    else scrollTo({ top: 0, behavior: "instant" });
  }
  // Keeps the row in sight, in the page or, on a phone, in the chart's own window.
  function reveal(row) {
    const chart = $("chart");
    const own = getComputedStyle(chart).overflowY !== "visible" && chart.scrollHeight > chart.clientHeight;
    const r = row.getBoundingClientRect();
    if (own) {
      const c = chart.getBoundingClientRect();
      if (r.top < c.top + 70 || r.bottom > c.bottom - 30) chart.scrollTop += r.top - c.top - c.height * 0.45;
    } else if (r.top < 130 || r.bottom > innerHeight - 60) scrollBy({ top: r.top - innerHeight * 0.45, behavior: "instant" });
  }
  function go(stop) {
    at = Math.max(0, Math.min(stops.length - 1, stop));
    paint();
    history.replaceState(null, "", "#" + (stops[at] + 1));
  }
  function on() {
    if (at < stops.length - 1) return go(at + 1);
    if (!endless()) return;
    round++;
    go(loopStop());
  }
  function back() {
    if (round > 1 && at === loopStop()) {
      round--;
      return go(stops.length - 1);
    }
    go(at - 1);
  }
  function toLoop() {
    if (endless()) go(loopStop());
  }
  function toggleScale() {
    const index = stops[at];
    drawing = drawings[(drawings.indexOf(drawing) + 1) % drawings.length];
    for (const d of drawings) d.hidden = d !== drawing;
    $("scale").setAttribute("aria-pressed", String(drawing !== drawings[0]));
    stops = stopsOf(drawing);
    let near = 0;
    stops.forEach((s, i) => { if (s <= index) near = i; });
    go(near);
  }
  function toggleTheme() {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme:dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  }
  const keys = { ArrowRight: on, ArrowDown: on, j: on, " ": on, ArrowLeft: back, ArrowUp: back, k: back,
    Home: () => { round = 1; go(0); }, End: () => go(stops.length - 1), l: toLoop, t: toggleScale, d: toggleTheme };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === " " && event.target.tagName === "BUTTON") return;
    const action = keys[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
  $("first").onclick = keys.Home;
  $("back").onclick = back;
  $("on").onclick = on;
  $("loop").onclick = toLoop;
  $("scale").onclick = toggleScale;
  $("theme").onclick = toggleTheme;
  for (const row of document.querySelectorAll(".row")) row.onclick = () => go(stops.indexOf(+row.dataset.step));
  $("loop").hidden = !endless();
  $("chart").classList.add("live");
  document.querySelectorAll("[hidden].script").forEach((e) => (e.hidden = false));
  const wanted = parseInt(location.hash.slice(1), 10);
  go(wanted > 0 && stops.includes(wanted - 1) ? stops.indexOf(wanted - 1) : 0);
})();
