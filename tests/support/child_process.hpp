// Runs another program during a test and ends it with the test.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace onepass::test {

class ChildProcess {
 public:
  /// Starts `command` (a path, then arguments); its output goes to the file `log`.
  ChildProcess(const std::vector<std::string>& command, const std::filesystem::path& log);

  /// Kills the process if it is still running.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  void signal(int number) const;

  bool ended();

  /// Waits until the process ends; returns the exit code, or 128 + signal.
  int wait();

  /// After wait(): whether the process has left a core dump.
  bool dumped_core() const;

 private:
  pid_t pid_ = -1;  ///< -1 after the process has ended
  int status_ = 0;
};

/// A TCP port of the loopback interface on which no process listens.
int free_port();

}  // namespace onepass::test
