// Finds out whether the memory of the program can get to the disk.
#pragma once

#include <csignal>
#include <functional>
#include <string>
#include <vector>

#include "support/child_process.hpp"
#include "support/temporary_folder.hpp"
#include "support/wait_until.hpp"

namespace onepass::test {

/// Starts onepass so that it may write core dumps, aborts it when it is ready, and returns whether it left one.
/// @param ready gets its output so far
inline bool leaves_core_dump(const std::vector<std::string>& arguments,
                             const std::function<bool(const std::string& log)>& ready) {
  const TemporaryFolder folder;
  std::vector<std::string> command = {"/bin/bash", "-c", "ulimit -c unlimited; cd \"$0\"; exec \"$@\"", folder.path(),
                                      ONEPASS_PROGRAM};
  command.insert(command.end(), arguments.begin(), arguments.end());
  ChildProcess program(command, folder.write("log", ""));
  wait_until([&] { return program.ended() || ready(read_file(folder / "log")); });
  program.signal(SIGABRT);
  const auto status = program.wait();
  if (status != 128 + SIGABRT) throw std::runtime_error(read_file(folder / "log"));
  return program.dumped_core();
}

}  // namespace onepass::test
