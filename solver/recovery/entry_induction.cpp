#include "solver/recovery/entry_induction.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "solver/flag_sets.hpp"
#include "solver/path_explorer.hpp"
#include "solver/recovery/unknown_entry.hpp"
#include "solver/unknown_segment.hpp"
#include "spec/nat/entry_invariant.hpp"
#include "spec/nat/tracker.hpp"

namespace halfopen {
namespace {

using R = Z3Reading;

/// Any will do: a tracker does not look at them.
constexpr EntryOf whose{{0x0a010001, 903}, {0xc0000201, 903}, {0xc0000202, 2049}};

class EntryCheck {
   public:
    EntryCheck(z3::context& context, const Nat& nat, const std::function<void(const std::string&)>& record,
               const Deadline& deadline, AnsweredQuestions* answered)
        : context_(context),
          nat_(nat),
          record_(record),
          deadline_(deadline),
          marks_(marks_of(nat)),
          states_(entry_states(nat)),
          answered_(record                ? nullptr
                    : answered != nullptr ? answered
                                          : &own_) {}

    void everything() {
        segments("no entry",
                 [&](Z3Reading& r) { return new_entry(r, whose.inside, whose.outside, whose.destination); });
        for (const TrackState state : states_) {
            const auto entry = [&](Z3Reading& r) { return unknown_entry(r, nat_, whose, state); };
            segments(std::string(to_string(state)), entry);
            expires(std::string(to_string(state)), entry);
        }
        for (const Restored how : {Restored::Tracked, Restored::Saved}) restored(how);
    }

    Induction result;

   private:
    /// begin(r) gives an event that r decides for, all of whose paths begin with the same; event(r) the table
    /// after it.  may_open: the entry may be in its handshake then.
    template <class Begin>
    void step(const std::string& what, bool may_open, Begin&& begin, const z3::expr& known) {
        deadline_.check();
        ++result.cases;
        PathExplorer paths(context_, answered_);
        if (record_) paths.record(record_);
        paths.assume(known);
        Z3Reading start(context_, &paths);
        std::string wrong;
        result.paths += paths.explore(begin(start), [&](const z3::expr&, const NatTable<R>& table) {
            if (table.entries.empty()) return;
            const ConntrackEntry<R>& entry = table.entries.front();
            if (!may_open && in_handshake(entry.state)) wrong = "goes back to its handshake";
            if (const std::string reason = why_not(paths, entry); !reason.empty())
                wrong = fmt::format("{} in {}", reason, to_string(entry.state));
        });
        result.questions += paths.questions();
        if (!wrong.empty()) result.failures.push_back(what + ": " + wrong);
    }

    std::string why_not(PathExplorer& paths, const ConntrackEntry<R>& entry) {
        if (std::find(states_.begin(), states_.end(), entry.state) == states_.end())
            return "enters a state that it is never in:";
        if (entry.timeout > longest_timeout(nat_, entry.state)) return "lives for too long";
        std::string wrong;
        paths.explore(
            [&](Z3Reading&) { return possible_flags(marks_, entry) && possible_sides(marks_, entry); },
            [&](const z3::expr&, bool possible) {
                if (!possible) wrong = "its marks leave the invariant";
            });
        Z3Reading r(context_);
        if (paths.refute(reachable_numbers(r, entry))) wrong = "its numbers leave the invariant";
        return wrong;
    }

    template <class Entry>
    void segments(const std::string& what, Entry&& entry) {
        for (const std::uint8_t direction : {original, reply})
            for (const std::uint8_t flags : flag_sets_of_stacks)
                for (const std::uint32_t length : lengths_of_stacks(flags))
                    segment(what, entry, direction, flags, length);
    }

    template <class Entry>
    void segment(const std::string& what, Entry&& entry, std::uint8_t direction, std::uint8_t flags,
                 std::uint32_t length) {
        Z3Reading names(context_);
        const Segment<R> segment =
            unknown_segment(names, direction == original ? whose.inside : whose.destination,
                            direction == original ? whose.destination : whose.outside, flags, length);
        const auto before = entry(names);
        step(
            fmt::format("{}, {}{} from {}", what, flags_to_string(flags), length > 0 ? " with data" : "",
                        direction == original ? "inside" : "outside"),
            before.state == TrackState::None || in_handshake(before.state) || (flags & flag::syn) != 0,
            [&](Z3Reading& start) {
                return [&, then = entry(start)](Z3Reading& r) {
                    NatTable<R> table;
                    ConntrackEntry<R> now = then;
                    const bool is_new = now.state == TrackState::None;
                    const Tracked tracked = track(r, nat_, now, segment, direction);
                    // No entry is made by a segment that is not accepted (outbound_new(), inbound_new()).
                    if (!tracked.delete_entry && (!is_new || tracked.verdict == TrackVerdict::Accept))
                        insert(table, now);
                    return table;
                };
            },
            known_of_entry(names, nat_, before) && possible_segment(names, segment));
    }

    template <class Entry>
    void expires(const std::string& what, Entry&& entry) {
        Z3Reading names(context_);
        step(
            what + ", its timer", false,
            [&](Z3Reading& start) {
                return [&, then = entry(start)](Z3Reading& r) {
                    NatTable<R> table;
                    insert(table, then);
                    table.entries.front().timeout = 0;
                    expire(r, nat_, table);
                    return table;
                };
            },
            known_of_entry(names, nat_, entry(names)));
    }

    void restored(Restored how) {
        Z3Reading names(context_);
        const auto side = [&](const std::string& name) {
            return IdleSide<R>{names.unknown((name + ".next").c_str()),
                               names.unknown_size((name + ".window").c_str())};
        };
        const IdleSide<R> client = side("client"), server = side("server");
        step(
            "restored", false,
            [&](Z3Reading&) {
                return [&](Z3Reading& r) {
                    NatTable<R> table;
                    restore(r, nat_, table, whose.inside, whose.outside, whose.destination, client, server,
                            how);
                    return table;
                };
            },
            possible_window(names, client.window) && possible_window(names, server.window));
    }

    z3::context& context_;
    const Nat& nat_;
    const std::function<void(const std::string&)>& record_;
    const Deadline& deadline_;
    const EntryMarks marks_;
    const std::vector<TrackState> states_;
    AnsweredQuestions own_;
    AnsweredQuestions* const answered_;  ///< much of what one segment meets, others meet too
};

}  // namespace

Induction entry_invariant(z3::context& context, const Nat& nat,
                          const std::function<void(const std::string&)>& record, const Deadline& deadline,
                          AnsweredQuestions* answered) {
    EntryCheck check(context, nat, record, deadline, answered);
    check.everything();
    return check.result;
}

}  // namespace halfopen
