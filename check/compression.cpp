#include "check/compression.hpp"

#include <zstd.h>

#include <new>
#include <stdexcept>

namespace halfopen {

namespace {

constexpr int level = 1;
/// Of the window that a reader has to keep: level 1 has 512 KB.
constexpr int largest_window_log = 20;
constexpr std::size_t bytes_compressed_at_once = std::size_t{1} << 17U;

std::size_t checked(std::size_t result) {
    if (ZSTD_isError(result) != 0) throw std::runtime_error(ZSTD_getErrorName(result));
    return result;
}

}  // namespace

void Compressor::Free::operator()(ZSTD_CCtx_s* context) const { ZSTD_freeCCtx(context); }
void Decompressor::Free::operator()(ZSTD_DCtx_s* context) const { ZSTD_freeDCtx(context); }

Compressor::Compressor(Sink sink)
    : sink_(std::move(sink)), context_(ZSTD_createCCtx()), out_(bytes_compressed_at_once) {
    if (context_ == nullptr) throw std::bad_alloc();
    checked(ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_compressionLevel, level));
}

void Compressor::pass(std::span<const std::byte> bytes, bool last) {
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    const ZSTD_EndDirective what = last ? ZSTD_e_end : ZSTD_e_continue;
    for (std::size_t left = 1; last ? left != 0 : in.pos < in.size;) {
        ZSTD_outBuffer out{out_.data(), out_.size(), 0};
        left = checked(ZSTD_compressStream2(context_.get(), &out, &in, what));
        if (out.pos > 0) sink_(std::span(out_).first(out.pos));
    }
}

Decompressor::Decompressor(Source source)
    : source_(std::move(source)), context_(ZSTD_createDCtx()), out_(bytes_compressed_at_once) {
    if (context_ == nullptr) throw std::bad_alloc();
    checked(ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, largest_window_log));
}

std::span<const std::byte> Decompressor::next() {
    while (!over_) {
        if (in_.empty()) in_ = source_();
        if (in_.empty()) throw std::runtime_error("it ends too early");
        ZSTD_inBuffer in{in_.data(), in_.size(), 0};
        ZSTD_outBuffer out{out_.data(), out_.size(), 0};
        over_ = checked(ZSTD_decompressStream(context_.get(), &out, &in)) == 0;
        in_ = in_.subspan(in.pos);
        if (over_ && !(in_.empty() && source_().empty())) throw std::runtime_error("something follows it");
        if (out.pos > 0) return std::span<const std::byte>(out_).first(out.pos);
    }
    return {};
}

}  // namespace halfopen
