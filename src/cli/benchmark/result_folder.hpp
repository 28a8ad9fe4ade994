// Writes the result folder of a tracker: data/SEQ.txt in TrackEval's layout, and a record of the run.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "onepass/config.hpp"

namespace onepass::cli {

/// The information that is saved with the results so that they can be reproduced.
struct RunRecord {
  Config config;
  std::vector<std::string> command_line;
  std::vector<std::string> sequences;
};

class ResultFolder {
 public:
  explicit ResultFolder(std::filesystem::path path) : path_(std::move(path)) {}

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path data() const { return path_ / "data"; }

  /// True if the folder contains results of an earlier run, complete or not.
  bool in_use() const;

  /// Creates the folder and removes the results of an earlier run from it.
  /// @throws std::runtime_error if that fails.
  void prepare() const;

  /// Writes config.yaml (every parameter) and run.json (versions, git revision, command line, sequences).
  void write_record(const RunRecord& record) const;

  /// Writes scores.json.
  void write_scores(const std::string& json) const;

 private:
  std::vector<std::filesystem::path> files() const;
  void write(const std::string& name, const std::string& text) const;

  std::filesystem::path path_;
};

/// Returns the command line, quoted so that it can be pasted into a shell.
std::string shell_command(const std::vector<std::string>& arguments);

}  // namespace onepass::cli
