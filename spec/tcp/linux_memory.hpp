/// What Linux remembers of a connection beyond RFC 9293's variables, and only a policy that goes by it keeps.
#pragma once

#include <cstdint>

#include "spec/numbers/concrete_reading.hpp"

namespace halfopen {

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
