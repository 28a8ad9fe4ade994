// Keeps the objectives of all trials in a file, so that an interrupted search continues where it ended.
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "onepass/overwrite.hpp"
#include "tune/search_space.hpp"

namespace onepass::tune {

/// The objectives of some values, in percent.
struct Trial {
  Values values;
  double objective = 0;           ///< of the study's sequences together
  std::vector<double> sequences;  ///< of each of the study's sequences
};

/// A file of JSON lines: first what the trials depend on, then one trial per line. Lines are appended as trials end; an
/// incomplete last line, as a crash leaves it, is dropped.
class TrialLog {
 public:
  /// @param fingerprint everything that the objectives depend on except the values
  /// @param overwrite refuse: a file with the same fingerprint is continued
  /// @throws SettingError "overwrite" if the file belongs to trials with another fingerprint.
  /// @throws std::runtime_error naming the file if it is damaged or cannot be written.
  TrialLog(std::filesystem::path path, const std::string& fingerprint, Overwrite overwrite);

  /// Returns the trial of these values in a study, if there is one.
  const Trial* find(std::size_t study, const Values& values) const;

  void add(std::size_t study, const Trial& trial);

  std::size_t size() const { return count_; }

 private:
  void write(const std::string& line);

  std::filesystem::path path_;
  std::map<std::size_t, std::map<Values, Trial>> trials_;
  std::size_t count_ = 0;
  std::ofstream file_;
};

}  // namespace onepass::tune
