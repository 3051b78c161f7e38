#include "conformance/comparison_notes.hpp"

namespace halfopen::conformance {

void Tally::add(const Tally& other) {
    for (std::size_t i = 0; i < aspect_count; ++i) {
        judged[i] += other.judged[i];
        differed[i] += other.differed[i];
    }
    for (const auto& [at, times] : other.decided) decided[at] += times;
}

std::string to_string(const ObservedReply& reply) {
    std::string text = fmt::format("{} {}", flags_to_string(reply.flags), reply.seq);
    if (reply.length > 0) text += fmt::format(":{}", reply.seq + reply.length);
    if ((reply.flags & flag::ack) != 0) text += fmt::format(" ack {}", reply.ack);
    if (reply.tsval) text += fmt::format(" val {}", *reply.tsval);
    if (reply.tsecr) text += fmt::format(" ecr {}", *reply.tsecr);
    return text;
}

std::string to_string(const std::vector<ObservedReply>& replies) {
    std::string text;
    for (const ObservedReply& reply : replies) text += (text.empty() ? "" : ", ") + to_string(reply);
    return text.empty() ? "nothing" : text;
}

void judge_replies(Comparison& comparison, const std::vector<ObservedReply>& kernel,
                   const std::vector<ObservedReply>& model) {
    const bool as_many = kernel.size() == model.size();
    comparison.judge(Aspect::ReplyCount, as_many, to_string(kernel), to_string(model));
    if (!as_many) return;
    for (std::size_t i = 0; i < kernel.size(); ++i) {
        const ObservedReply& k = kernel[i];
        const ObservedReply& m = model[i];
        comparison.judge(Aspect::ReplyFlags, k.flags == m.flags, to_string(k), to_string(m));
        comparison.judge(Aspect::ReplySeq, k.seq == m.seq, to_string(k), to_string(m));
        comparison.judge(Aspect::ReplyAck, k.ack == m.ack, to_string(k), to_string(m));
        comparison.judge(Aspect::ReplyTimestamp, k.tsecr == m.tsecr, to_string(k), to_string(m));
        if (k.tsval && k.at && m.tsval && m.at) {
            const auto ahead = static_cast<std::int32_t>((*k.tsval - *m.tsval) - (*k.at - *m.at));
            const bool close = ahead <= clock_rounding_ms && ahead >= -stands_still_ms;
            comparison.judge(Aspect::ReplyClock, close, fmt::format("{} at {} ms", *k.tsval, *k.at),
                             fmt::format("{} at {} ms", *m.tsval, *m.at));
        }
        comparison.judge(Aspect::ReplyLength, k.length == m.length, to_string(k), to_string(m));
    }
}

}  // namespace halfopen::conformance
