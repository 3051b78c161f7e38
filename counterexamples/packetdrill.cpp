#include "counterexamples/packetdrill.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "counterexamples/wording.hpp"

namespace halfopen {

namespace {

/// Comments of one line in packetdrill's language begin with //.
std::string comment(std::string_view text) {
    std::string line = "// ";
    for (const char c : text) line += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    return line + "\n";
}

std::string flags_of(const ConcreteSegment& segment) {
    std::string letters;
    if (segment.has(flag::syn)) letters += 'S';
    if (segment.has(flag::fin)) letters += 'F';
    if (segment.has(flag::rst)) letters += 'R';
    if (segment.has(flag::psh)) letters += 'P';
    if (segment.has(flag::ack)) letters += '.';
    return letters.empty() ? "-" : letters;
}

class PacketdrillScript {
   public:
    PacketdrillScript(const Story& story, std::size_t node) : story_(story), node_(node) {}

    std::string write() {
        const StoryNode& at = story_.nodes[node_];
        text_ = "--tolerance_usecs=200000\n";
        text_ += comment(fmt::format("{}: {}", story_.scenario, story_.title));
        text_ += comment(
            fmt::format("{} ({}) as the model has it; packetdrill plays the rest.", at.name, at.policy));
        text_ += comment(
            "Numbers of the endpoint count from its ISN, as packetdrill has them; the others' are the "
            "model's.");
        const bool server = at.kind == StoryNode::Kind::Server;
        if (server && !old_connection())
            return text_ + comment("It holds no connection when the story begins.");
        for (std::size_t i = 0; i < story_.steps.size() && !done_; ++i) step(i, story_.steps[i]);
        return std::move(text_);
    }

   private:
    void line(std::uint64_t at, const std::string& what) {
        const std::uint64_t passed = at - last_;
        last_ = at;
        text_ += passed == 0 ? fmt::format("+0 {}\n", what)
                             : fmt::format("+{}.{:03} {}\n", passed / 1000, passed % 1000, what);
    }
    /// A server's connection from before the fault.  It is opened from the server's side: packetdrill gives
    /// each SYN that comes in a connection of its own wherever there is a listener (handle_listen_for_…() of
    /// run_packet.c), and what is tested is a SYN on a connection that exists.  Who opened it no policy asks
    /// once it is ESTABLISHED.
    bool old_connection() {
        const auto& connections = story_.initial.states.at(story_.nodes[node_].name);
        const auto found = std::find_if(connections.begin(), connections.end(), [](const auto& tcb) {
            return tcb.at("state") == to_string(TcpState::Established);
        });
        if (found == connections.end()) return false;
        remote_ = found->at("remote").template get<std::string>();
        base_ = found->at("snd_nxt").template get<std::uint32_t>() - 1;
        const std::uint32_t theirs = found->at("rcv_nxt").template get<std::uint32_t>() - 1;
        text_ += "\n" + comment(fmt::format("The old connection with {}.", remote_));
        open();
        text_ += fmt::format("+0 < S. {0}:{0}(0) ack 1 win 65535 <mss 1460>\n", theirs);
        text_ += fmt::format("+0 > . 1:1(0) ack {}\n", theirs + 1);
        // The story's clock begins with the fault.
        text_ += "\n" + comment("What happens to it.");
        last_ = first_time();
        return true;
    }
    std::uint64_t first_time() const {
        for (const StoryStep& step : story_.steps) {
            if (mine(step)) return step.at;
        }
        return 0;
    }
    bool mine(const StoryStep& step) const {
        if (step.actor != node_ || step.kind == Step::Kind::Lose || step.kind == Step::Kind::Duplicate)
            return false;
        if (remote_.empty()) return true;
        if (step.segment) return to_string(step.segment->source) == remote_;
        return !step.sent.empty() && to_string(step.sent.front().segment.destination) == remote_;
    }
    void open() {
        text_ +=
            "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
            "+0 fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0\n"
            "+0 connect(3, ..., ...) = -1 EINPROGRESS (Operation now in progress)\n"
            "+0 > S 0:0(0) <...>\n";
    }
    void step(std::size_t index, const StoryStep& step) {
        if (!mine(step)) return;
        const bool client = story_.nodes[node_].kind == StoryNode::Kind::Client;
        if (step.kind == Step::Kind::Fault) return;
        const bool opens = step.kind == Step::Kind::Connect;
        if (client && !opened_ && !opens) return;
        if (opens && opened_) {
            done_ = true;
            text_ += comment("Here it opens another connection: a test of its own.");
            return;
        }
        if (!step.text.empty())
            text_ += comment(fmt::format("step {}, {}: {}", index, clock(step.at), step.text));
        if (opens) {
            opened_ = true;
            last_ = step.at;
            // A reset of the old connection may go out first.
            for (const StoryEmission& emission : step.sent) {
                if (emission.segment.has(flag::syn)) base_ = emission.segment.seq.value;
            }
            open();
            return;
        }
        if (step.segment) line(step.at, "< " + segment(*step.segment, true));
        for (const StoryEmission& emission : step.sent)
            line(step.at, "> " + segment(emission.segment, false));
        if (step.segment && step.segment->has(flag::rst) && step.sent.empty() && step.event != "")
            done_ = true;
    }
    std::string segment(const ConcreteSegment& s, bool inbound) const {
        const std::uint32_t seq = inbound ? s.seq.value : s.seq.value - base_;
        std::string text = fmt::format("{} {}:{}({})", flags_of(s), seq, seq + s.length, s.length);
        if (s.has(flag::ack)) text += fmt::format(" ack {}", inbound ? s.ack.value - base_ : s.ack.value);
        if (inbound && !s.has(flag::rst))
            text += fmt::format(" win {}", std::min<std::uint32_t>(s.window, 65'535));
        if (s.timestamps.present)
            text += inbound ? fmt::format(" <nop,nop,TS val {} ecr {}>", s.timestamps.value.value,
                                          s.timestamps.echo.value)
                            : std::string(" <...>");
        else if (s.has(flag::syn))
            text += inbound ? " <mss 1460>" : " <...>";
        return text;
    }

    const Story& story_;
    std::size_t node_;
    std::string text_;
    std::string remote_;
    std::uint32_t base_ = 0;  ///< the ISN that the script counts the endpoint's own numbers from
    std::uint64_t last_ = 0;
    bool opened_ = false, done_ = false;
};

}  // namespace

std::string packetdrill(const Story& story, std::size_t node) {
    return PacketdrillScript(story, node).write();
}

}  // namespace halfopen
