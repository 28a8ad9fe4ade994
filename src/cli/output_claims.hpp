// Checks the output files of a command before it starts, so that a run does not fail after hours of work.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "onepass/track_sink.hpp"

namespace onepass::cli {

class OutputClaims {
 public:
  /// @param inputs files that the command reads; no output may replace them
  explicit OutputClaims(std::vector<std::string> inputs = {}) : inputs_(std::move(inputs)) {}

  /// Claims a file, or standard output ("-"), for one output. Does nothing for an empty path.
  /// @throws UsageError if it is claimed already, is an input, or is a file that exists and must not be overwritten.
  void claim(const std::string& path, Overwrite overwrite);

 private:
  std::vector<std::string> inputs_;
  std::set<std::string> claimed_;
};

/// Converts the flag --overwrite.
inline Overwrite overwrite_if(bool overwrite) { return overwrite ? Overwrite::replace : Overwrite::refuse; }

}  // namespace onepass::cli
