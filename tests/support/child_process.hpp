// Another program, run beside a test and ended with it.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace onepass::test {

class ChildProcess {
 public:
  /// Starts `command` (a path, then arguments); what it says goes to the file `log`.
  ChildProcess(const std::vector<std::string>& command, const std::filesystem::path& log);

  /// Kills it, if it is still there.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  void signal(int number) const;

  bool ended();

  /// Waits for its end; returns the exit code, or 128 + signal.
  int wait();

 private:
  pid_t pid_ = -1;  ///< -1 once its end is known
  int status_ = 0;
};

/// A TCP port of the loopback interface that nobody listens on.
int free_port();

}  // namespace onepass::test
