/// Makes streams of bytes small, by Zstandard (RFC 8878), level 1.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <vector>

struct ZSTD_CCtx_s;
struct ZSTD_DCtx_s;

namespace halfopen {

/// Hands on what it is given, in one frame.  Takes some 1.5 MB of memory, whatever the length.
class Compressor {
   public:
    using Sink = std::function<void(std::span<const std::byte>)>;

    explicit Compressor(Sink sink);
    void add(std::span<const std::byte> bytes) { pass(bytes, false); }
    void finish() { pass({}, true); }

   private:
    void pass(std::span<const std::byte> bytes, bool last);
    struct Free {
        void operator()(ZSTD_CCtx_s* context) const;
    };

    Sink sink_;
    std::unique_ptr<ZSTD_CCtx_s, Free> context_;
    std::vector<std::byte> out_;
};

/// Gives back what was compressed, a piece at a time.
class Decompressor {
   public:
    /// Gives the next bytes; none at the end.
    using Source = std::function<std::span<const std::byte>()>;

    explicit Decompressor(Source source);
    /// Empty at the end of the frame, behind which nothing may stand.  Throws std::runtime_error where there
    /// is no whole frame.
    std::span<const std::byte> next();

   private:
    struct Free {
        void operator()(ZSTD_DCtx_s* context) const;
    };

    Source source_;
    std::unique_ptr<ZSTD_DCtx_s, Free> context_;
    std::span<const std::byte> in_;
    std::vector<std::byte> out_;
    bool over_ = false;
};

}  // namespace halfopen
