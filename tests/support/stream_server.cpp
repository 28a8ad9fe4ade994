#include "support/stream_server.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

extern char** environ;

namespace onepass::test {
namespace {

/// Debian's Python, which has the GStreamer bindings.
constexpr const char* python = "/usr/bin/python3";

std::string read_line(int descriptor) {
  std::string line;
  char letter = 0;
  while (::read(descriptor, &letter, 1) == 1 && letter != '\n') line += letter;
  return line;
}

}  // namespace

StreamServer::StreamServer(const std::string& script, const std::vector<std::string>& arguments) {
  const std::string path = std::string(ONEPASS_SOURCE_DIR) + "/tests/support/" + script;
  std::vector<char*> argv = {const_cast<char*>(python), const_cast<char*>(path.c_str())};
  for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  const int error = posix_spawn(&pid_, python, &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  const auto line = error == 0 ? read_line(ends[0]) : "";
  ::close(ends[0]);
  if (line.starts_with("ready ")) {
    port_ = std::atoi(line.c_str() + 6);
  } else {
    kill();
    throw std::runtime_error(script + " does not start (tools/setup.sh installs what it needs): " + line);
  }
}

void StreamServer::kill() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

void StreamServer::freeze() const { ::kill(pid_, SIGSTOP); }

void StreamServer::thaw() const { ::kill(pid_, SIGCONT); }

}  // namespace onepass::test
