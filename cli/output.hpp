/// Results go to standard output or, whole or not at all, to a file.
#pragma once

#include <optional>
#include <string>

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

    /// Throws InputError where writing fails.
    void write(const std::string& text);

   private:
    std::string name_;
    std::string temporary_;  ///< empty for standard output, pipes and devices, and once renamed
};

}  // namespace halfopen::cli
