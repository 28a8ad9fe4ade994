// Keeps the file of zones while it is changed during a run.
#pragma once

#include <filesystem>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include "onepass/zones.hpp"

namespace onepass {

/// The zones of a file, and a text that differs for every other content of it.
struct StoredZones {
  std::vector<Zone> zones;
  std::string revision;
};

/// The file has changed since it was read.
struct ZonesChanged : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Reads and replaces a file of zones. Thread-safe. Only one program may write the file at a time.
class ZoneStore {
 public:
  /// What a missing file is: an error, or a file without zones that the first write() creates.
  enum class Missing { error, empty };

  ZoneStore(std::filesystem::path path, Missing missing) : path_(std::move(path)), missing_(missing) {}

  const std::filesystem::path& path() const { return path_; }

  /// @throws std::runtime_error as read_zones() does
  StoredZones read() const;

  /// Replaces the content of the file at once: at any time the path holds the former or the new zones, complete. If
  /// this object did not write the former content, that is kept as "<path>.bak", with its comments.
  /// @param revision of the zones that were changed
  /// @throws std::invalid_argument naming the zone, for what read_zones() refuses
  /// @throws ZonesChanged if the file has another revision now; it stays as it is
  /// @throws std::runtime_error naming the file if it cannot be written; it stays as it is
  StoredZones write(const std::vector<Zone>& zones, const std::string& revision);

 private:
  std::string content() const;
  void replace(const std::string& former, const std::string& text);

  mutable std::mutex mutex_;
  std::filesystem::path path_;
  Missing missing_;
  std::string written_;  ///< content that this object has written
};

}  // namespace onepass
