/// Results go to standard output or, whole or not at all, to a file.
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

namespace halfopen::cli {

/// Where a result will go.  Opening comes before the work, so that a place that cannot be written is reported
/// at once; the file appears under its name only when everything has been written (a temporary file beside it
/// is renamed).
class Output {
   public:
    /// name: a file, or "-" for standard output.  Throws InputError where it cannot be written.
    explicit Output(std::string name);
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;
    ~Output();

    /// All at once.  Throws InputError where writing fails, as the next two do.
    void write(std::string_view text);
    /// Piece by piece: the file appears when finish() is called.
    void add(std::string_view piece);
    void finish();

   private:
    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };

    std::string name_;
    std::string temporary_;  ///< empty for standard output, pipes and devices, and once renamed
    std::unique_ptr<std::FILE, Close> file_;  ///< while pieces are added
};

}  // namespace halfopen::cli
