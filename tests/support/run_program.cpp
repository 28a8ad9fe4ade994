#include "support/run_program.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>

extern char** environ;

namespace onepass::test {
RunningProgram::RunningProgram(const std::vector<std::string>& arguments, const std::string& output)
    : output_(output.empty() ? (folder_ / "out").string() : output) {
  std::vector<char*> argv = {const_cast<char*>(ONEPASS_PROGRAM)};
  for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output_.c_str(), O_WRONLY | O_CREAT, 0600);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, (folder_ / "err").c_str(), O_WRONLY | O_CREAT, 0600);
  const int error = posix_spawn(&pid_, ONEPASS_PROGRAM, &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::runtime_error("cannot start " ONEPASS_PROGRAM);
}

bool RunningProgram::ended() { return status_known_ || (status_known_ = waitpid(pid_, &status_, WNOHANG) == pid_); }

void RunningProgram::signal(int number) const { kill(pid_, number); }

bool RunningProgram::wait_for(const std::function<bool()>& ready) {
  while (!ready()) {
    if (ended()) return false;
    sched_yield();
  }
  return true;
}

ProgramResult RunningProgram::wait() {
  if (!status_known_) waitpid(pid_, &status_, 0);
  status_known_ = true;
  return {WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_),
          std::filesystem::exists(folder_ / "out") ? read_file(folder_ / "out") : "", err()};
}

ProgramResult run_onepass(const std::vector<std::string>& arguments) { return RunningProgram(arguments).wait(); }

ProgramResult run_onepass(const std::vector<std::string>& arguments, const std::string& output) {
  return RunningProgram(arguments, output).wait();
}

ProgramResult interrupt_onepass(const std::vector<std::string>& arguments, const std::function<bool()>& ready) {
  RunningProgram program(arguments);
  if (program.wait_for(ready)) program.signal(SIGINT);
  return program.wait();
}

}  // namespace onepass::test
