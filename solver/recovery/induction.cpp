#include "solver/recovery/induction.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "solver/flag_sets.hpp"
#include "solver/path_explorer.hpp"
#include "solver/recovery/left_behind.hpp"
#include "solver/unknown_segment.hpp"
#include "spec/tcp/tcb_invariant.hpp"

namespace halfopen {
namespace {

using R = Z3Reading;

struct Outcome {
    Tcb<R> tcb;
    ConnectionEvent event = ConnectionEvent::None;
};

class Check {
   public:
    Check(z3::context& context, const FairRun& run, const std::function<void(const std::string&)>& record,
          const Deadline& deadline)
        : context_(context),
          run_(run),
          record_(record),
          deadline_(deadline),
          kinds_(server_kinds(run.server().endpoint)) {}

    /// event(r) gives what has become of a connection of which `known` is known, and paths assumes.
    /// may_open: it may be in SYN_RCVD then.  Only a SYN brings anything there that was not there before.
    template <class Event>
    void step(PathExplorer& paths, const std::string& what, const z3::expr& known, bool may_open,
              Event&& event) {
        deadline_.check();
        ++result_.cases;
        const std::size_t before = paths.questions();
        std::string wrong;
        result_.paths += paths.explore(
            [&](Z3Reading& r) {
                Outcome out = event(r);
                // The application of a server closes when its peer has.
                if (out.event == ConnectionEvent::Closed && out.tcb.state == TcpState::CloseWait)
                    close(r, run_.server().endpoint, out.tcb);
                return out.tcb;
            },
            [&](const z3::expr&, const Tcb<R>& tcb) {
                if (tcb.state == TcpState::Closed || tcb.state == TcpState::Listen) return;
                if (tcb.state == TcpState::SynReceived && !may_open) wrong = "opens a connection anew";
                Z3Reading r(context_);
                const auto kind = std::find(kinds_.begin(), kinds_.end(), kind_of(tcb));
                if (kind == kinds_.end() || !possible_flags(tcb))
                    wrong = "becomes " + name_of(kind_of(tcb));
                else if (const z3::expr claim = known_of_server(r, run_, tcb);
                         !z3::eq(claim, known) && paths.refute(claim))
                    wrong = "its numbers leave the invariant in " + std::string(to_string(tcb.state));
            });
        result_.questions += paths.questions() - before;
        if (!wrong.empty()) result_.failures.push_back(what + ": " + wrong);
    }

    void segments(PathExplorer& paths, const std::string& what, const Tcb<R>& tcb, const z3::expr& known) {
        const Z3Reading names(context_);
        for (const std::uint8_t flags : flag_sets_of_stacks)
            for (const std::uint32_t length : {0U, 100U}) {
                Segment<R> segment = unknown_segment(names, tcb.remote, run_.server().address, flags, length);
                segment.seq = names.advance(tcb.rcv_nxt, names.unknown_size("seg.seq - RCV.NXT"));
                if (segment.has(flag::ack))
                    segment.ack = names.advance(tcb.snd_nxt, names.unknown_size("seg.ack - SND.NXT"));
                step(paths,
                     fmt::format("{}, {}{}", what, flags_to_string(flags), length > 0 ? " with data" : ""),
                     known, (flags & flag::syn) != 0 || tcb.state == TcpState::SynReceived,
                     [&](Z3Reading& reading) {
                         Outcome out{tcb};
                         out.event = receive(reading, run_.server().endpoint, out.tcb, segment,
                                             std::optional(reading.unknown("the server's new ISS")))
                                         .event;
                         return out;
                     });
            }
    }

    void timers(PathExplorer& paths, const std::string& what, const Tcb<R>& tcb, const z3::expr& known) {
        for (std::size_t t = 0; t < tcp_timer_count; ++t) {
            if (tcb.timers[t] == timer_off) continue;
            const auto timer = static_cast<TcpTimer>(t);
            for (const std::uint8_t count : {std::uint8_t{0}, std::uint8_t{200}})
                step(paths, fmt::format("{}, {} timer", what, to_string(timer)), known,
                     tcb.state == TcpState::SynReceived, [&](Z3Reading& r) {
                         Outcome out{tcb};
                         if (out.tcb.keepalive_probes == any_count) out.tcb.keepalive_probes = count;
                         if (out.tcb.retransmits == any_count) out.tcb.retransmits = count;
                         out.event = expire(r, run_.server().endpoint, out.tcb, timer).event;
                         return out;
                     });
        }
    }

    void everything() {
        Z3Reading r(context_);
        Tcb<R> listener = listening(r, run_.server().endpoint, run_.server().address);
        listener.remote = {run_.nat().addresses.outside_ip, run_.client().spec.outside_port};
        {
            PathExplorer paths(context_);
            assume(paths, r.truth(true));
            segments(paths, "LISTEN", listener, r.truth(true));
        }
        for (const ServerKind& kind : kinds_) {
            const Tcb<R> tcb = unknown_server(r, run_, kind);
            const z3::expr known = known_of_server(r, run_, tcb);
            PathExplorer paths(context_);
            assume(paths, known);
            segments(paths, name_of(kind), tcb, known);
            timers(paths, name_of(kind), tcb, known);
            // An application does not hear of a connection before its handshake is over.
            if (kind.state == TcpState::SynReceived) continue;
            step(paths, name_of(kind) + ", close()", known, false, [&](Z3Reading& reading) {
                Outcome out{tcb};
                out.event = close(reading, run_.server().endpoint, out.tcb).event;
                return out;
            });
        }
    }

    Induction result() const { return result_; }

   private:
    /// All events of one kind of connection share a solver, which then need not learn of it anew for each.
    void assume(PathExplorer& paths, const z3::expr& known) {
        if (record_) paths.record(record_);
        Z3Reading r(context_);
        paths.assume(known && possible_segment(r, unknown_segment(r, {}, {}, flag::ack, 0)));
    }

    z3::context& context_;
    const FairRun& run_;
    const std::function<void(const std::string&)>& record_;
    const Deadline& deadline_;
    std::vector<ServerKind> kinds_;
    Induction result_;
};

}  // namespace

Induction server_invariant(z3::context& context, const FairRun& run,
                           const std::function<void(const std::string&)>& record, const Deadline& deadline) {
    Check check(context, run, record, deadline);
    check.everything();
    return check.result();
}

}  // namespace halfopen
