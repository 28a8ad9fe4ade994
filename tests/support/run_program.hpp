// Runs the onepass program as a user would and keeps what it says.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace onepass::test {

struct ProgramResult {
  int exit_code = -1;  ///< 128 + signal where a signal ended it
  std::string out;
  std::string err;
};

/// Runs onepass with these arguments and no standard input.
ProgramResult run_onepass(const std::vector<std::string>& arguments);

/// The same with standard output to this file, such as /dev/full; `out` stays empty.
ProgramResult run_onepass(const std::vector<std::string>& arguments, const std::string& output);

/// The same, but as soon as `ready` returns true the program gets Ctrl-C (SIGINT).
ProgramResult interrupt_onepass(const std::vector<std::string>& arguments, const std::function<bool()>& ready);

}  // namespace onepass::test
