/// What Linux remembers of a connection beyond RFC 9293's variables, and only a policy that goes by it keeps.
#pragma once

#include <cstdint>

#include "spec/numbers/concrete_reading.hpp"

namespace halfopen {

/// tcp_rcv_established(): tp->pred_flags and tp->snd_wl1.  A policy without `header_prediction` keeps none.
template <class R>
struct PredictedHeader {
    bool on = false;
    /// SND.WND: the window that the next segment must repeat to be the predicted one.
    typename R::Size window{};
    /// SND.WL1 is not left of RCV.NXT: an empty segment at RCV.NXT brings no newer window
    /// (tcp_may_update_window()). Looked at only where PAWS fails, so kept only with timestamps.
    bool window_newest = false;

    friend bool operator==(const PredictedHeader&, const PredictedHeader&) = default;

    bool absent() const { return !on; }
};

/// Text, and perhaps a FIN behind it, that came before what lies between it and RCV.NXT:
/// tp->out_of_order_queue, of which one stretch is kept, the nearest one.
template <class R>
struct KeptText {
    bool some = false;
    bool fin = false;
    typename R::Word begin{};
    typename R::Word end{};  ///< behind the FIN

    friend bool operator==(const KeptText&, const KeptText&) = default;

    bool absent() const { return !some; }
};

template <class Archive, class T>
requires requires(T& x) { x.window_newest; }
void fields(Archive& ar, T& x) {
    ar("on", x.on);
    ar("window", x.window);
    ar("window_newest", x.window_newest);
}

template <class Archive, class T>
requires requires(T& x) {
    x.some;
    x.begin;
}
void fields(Archive& ar, T& x) {
    ar("some", x.some);
    ar("fin", x.fin);
    ar("begin", x.begin);
    ar("end", x.end);
}

}  // namespace halfopen
