// A tracker's folder of results: data/SEQ.txt as TrackEval wants them, and beside them how they came about.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "onepass/config.hpp"

namespace onepass {

/// What is kept with the results so that they can be made again.
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

  /// True if there are results of an earlier run, complete or not.
  bool in_use() const;

  /// Makes the folder and removes the results of an earlier run from it.
  /// @throws std::runtime_error where that cannot be done.
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

/// The command line as it can be pasted into a shell.
std::string shell_command(const std::vector<std::string>& arguments);

}  // namespace onepass
