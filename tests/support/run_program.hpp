// Runs a command as a user would and keeps what it says.
#pragma once

#include <string>
#include <vector>

namespace onepass::test {

struct ProgramResult {
  int exit_code = -1;  ///< 128 + signal where a signal ended it
  std::string out;
  std::string err;
};

/// Runs the onepass program with these arguments and no standard input.
ProgramResult run_onepass(const std::vector<std::string>& arguments);

}  // namespace onepass::test
