#include <boost/interprocess/file_mapping.hpp>
#include <boost/interprocess/mapped_region.hpp>
#include <filesystem>
#include <fstream>

#include "spec/policy/input_error.hpp"
#include "verifier/certificate.hpp"

namespace halfopen::verifier {

namespace {

namespace fs = std::filesystem;
namespace ipc = boost::interprocess;

/// Whether there is anything to map.
bool has_content(const std::string& name) {
    const Place place{name, 0, 0};
    std::error_code error;
    const fs::file_status status = fs::status(name, error);
    if (!fs::exists(status)) throw InputError(place, "no such file");
    if (fs::is_directory(status)) throw InputError(place, "is a directory; a file is wanted");
    if (!fs::is_regular_file(status)) throw InputError(place, "is not a regular file");
    if (!std::ifstream(name, std::ios::binary))
        throw InputError(place, "cannot be read; is its permission right?");
    return fs::file_size(name, error) > 0;
}

}  // namespace

struct MappedFile::Mapping {
    explicit Mapping(const std::string& name)
        : file(name.c_str(), ipc::read_only), region(file, ipc::read_only) {}

    ipc::file_mapping file;
    ipc::mapped_region region;
};

MappedFile::MappedFile(const std::string& name) {
    if (!has_content(name)) return;
    try {
        mapping_ = std::make_unique<Mapping>(name);
    } catch (const ipc::interprocess_exception& error) {
        throw InputError(Place{name, 0, 0}, std::string("cannot be read: ") + error.what());
    }
}

MappedFile::~MappedFile() = default;

std::span<const std::byte> MappedFile::bytes() const {
    if (mapping_ == nullptr) return {};
    return {static_cast<const std::byte*>(mapping_->region.get_address()), mapping_->region.get_size()};
}

}  // namespace halfopen::verifier
