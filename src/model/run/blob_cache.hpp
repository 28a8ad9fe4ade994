// Keeps compiled networks in a folder of the user, so that the next run does not compile them again.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace onepass::model {

/// Where compiled networks are kept: $XDG_CACHE_HOME/onepass, or ~/.cache/onepass; nullopt if neither variable is an
/// absolute path.
std::optional<std::filesystem::path> user_cache_folder();

/// A fingerprint of 128 bits (MurmurHash3), in hexadecimal digits: for keys; it does not protect against attacks.
std::string digest(std::string_view bytes);

/// Blobs by key, one file each. Whatever goes wrong, a blob is only missing: nothing throws.
///
/// A compiled network is code and data that the engine trusts. The folder and its files are therefore only used if they
/// belong to the user of this process, are no symbolic links, and cannot be written by anyone else; the same holds for
/// the folder above, except that it may belong to root. A file is only used if its length, its key and its checksum are
/// right. Files appear complete or not at all, so that several processes can share the folder.
class BlobCache {
 public:
  /// @param most_bytes of all files together: the files that were not used for the longest time are removed
  BlobCache(std::filesystem::path folder, std::uintmax_t most_bytes)
      : folder_(std::move(folder)), most_bytes_(most_bytes) {}

  /// The blob of this key, which counts as used now.
  std::optional<std::string> load(std::string_view key) const;

  /// Creates the folder and the folder above, if they do not exist. A blob of more than half of the limit is not kept.
  void store(std::string_view key, std::string_view blob) const;

 private:
  std::filesystem::path folder_;
  std::uintmax_t most_bytes_;
};

}  // namespace onepass::model
