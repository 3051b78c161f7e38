/// The window that the peer has given last: SND.WND and SND.WL1 of RFC 9293 §3.3.1.
#pragma once

#include "spec/numbers/reading.hpp"
#include "spec/tcp/segment.hpp"

namespace halfopen {

/// The peer's newest window.  Without `header_prediction` a policy goes by its size nowhere, and keeps none.
template <class R>
struct SendWindow {
    bool kept = false;
    typename R::Size wnd{};  ///< SND.WND
    typename R::Word wl1{};  ///< SND.WL1: SEG.SEQ of the segment that brought it

    friend bool operator==(const SendWindow&, const SendWindow&) = default;

    bool absent() const { return !kept; }
};

template <class Archive, class T>
requires requires(T& x) { x.wl1; }
void fields(Archive& ar, T& x) {
    ar("kept", x.kept);
    ar("wnd", x.wnd);
    ar("wl1", x.wl1);
}

/// tcp_may_update_window() of Linux, which asks for SND.WL2 as RFC 9293 §3.10.7.4 has it only in so far as
/// what acknowledges something new always counts.  zero_counts: "net: tcp: allow zero-window ACK update the
/// window" (torvalds/linux@800a666141de, 6.6) is in.
template <Reading R>
typename R::Bool may_update_window(R& r, const SendWindow<R>& kept, const typename R::Word& snd_una,
                                   const Segment<R>& segment, bool zero_counts) {
    const auto no_window = r.both(r.truth(zero_counts), r.negate(r.less(r.size(0), segment.window)));
    const auto at_wl1 =
        r.both(r.equal(segment.seq, kept.wl1), r.either(r.less(kept.wnd, segment.window), no_window));
    return r.either(after(r, segment.ack, snd_una), r.either(after(r, segment.seq, kept.wl1), at_wl1));
}

}  // namespace halfopen
