// Chooses the exit code of the program.
#pragma once

#include <cstddef>
#include <exception>
#include <set>
#include <string>
#include <vector>

namespace onepass::cli {

constexpr int exit_temporary = 75;  ///< EX_TEMPFAIL of sysexits.h: the same command may succeed later

/// Returns 2 for a UsageError, 130 for Interrupted, 75 for a TemporaryError or if memory ran out, the code of an
/// AlreadyReported, otherwise 1.
int exit_code_of(const std::exception& error);

/// What failed in a command that goes on after failures.
class Failures {
 public:
  /// @param source may fail several times
  void add(const std::string& source, int exit_code, const std::string& message);

  bool contains(const std::string& source) const { return sources_.contains(source); }

  /// The messages.
  const std::vector<std::string>& lines() const { return lines_; }

  /// Does nothing without failures.
  /// @param count how many could fail; if only one could, its message has been printed, and the error gives only the
  /// advice
  /// @param noun of them, such as "unit"
  /// @param advice if all may succeed next time
  /// @throws TemporaryError if all may succeed next time, otherwise std::runtime_error, or AlreadyReported if only one
  /// could fail.
  void rethrow(std::size_t count, const std::string& noun, const std::string& advice) const;

 private:
  std::set<std::string> sources_;
  std::vector<std::string> lines_;
  bool all_temporary_ = true;
};

}  // namespace onepass::cli
