// Runs the onepass program and collects its output.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

#include "support/temporary_folder.hpp"

namespace onepass::test {

struct ProgramResult {
  int exit_code = -1;  ///< 128 + signal if a signal ended it
  std::string out;
  std::string err;
};

/// The running onepass program; call wait().
class RunningProgram {
 public:
  /// @param output file for standard output; if empty, wait() returns it
  explicit RunningProgram(const std::vector<std::string>& arguments, const std::string& output = "");

  bool ended();
  void signal(int number) const;

  /// Waits until `ready` returns true; false if the program ends before.
  bool wait_for(const std::function<bool()>& ready);

  /// Its output so far.
  std::string err() const { return read_file(folder_ / "err"); }

  ProgramResult wait();

 private:
  TemporaryFolder folder_;
  std::string output_;
  pid_t pid_ = 0;
  int status_ = 0;
  bool status_known_ = false;
};

/// Runs onepass with these arguments and no standard input.
ProgramResult run_onepass(const std::vector<std::string>& arguments);

/// The same with standard output to this file, such as /dev/full; `out` stays empty.
ProgramResult run_onepass(const std::vector<std::string>& arguments, const std::string& output);

/// The same, but as soon as `ready` returns true the program gets Ctrl-C (SIGINT).
ProgramResult interrupt_onepass(const std::vector<std::string>& arguments, const std::function<bool()>& ready);

}  // namespace onepass::test
