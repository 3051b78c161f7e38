/// A folder as it was in a git revision.
#pragma once

#include <filesystem>
#include <string>

namespace halfopen::cli {

/// A temporary copy, which goes with the object.
class RevisionFolder {
   public:
    /// folder: in a repository's working tree.  revision: whatever git takes for one.  Throws InputError
    /// where there is no git, no repository, no such revision, or no such folder in it.
    RevisionFolder(const std::filesystem::path& folder, const std::string& revision);
    RevisionFolder(const RevisionFolder&) = delete;
    RevisionFolder& operator=(const RevisionFolder&) = delete;
    ~RevisionFolder();

    const std::filesystem::path& folder() const { return copy_; }

   private:
    std::filesystem::path temporary_, copy_;
};

/// The top of the repository that the folder is in; the current folder where it is in none.
std::filesystem::path repository_root(const std::filesystem::path& folder);

}  // namespace halfopen::cli
