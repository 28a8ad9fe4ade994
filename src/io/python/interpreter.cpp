#include "io/python/interpreter.hpp"

#include <spawn.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <stdexcept>
#include <system_error>

#include <fmt/format.h>

namespace onepass::io {
namespace {

std::string last_line(const std::string& text) {
  const auto trimmed = text.substr(0, text.find_last_not_of(" \r\n") + 1);
  return trimmed.substr(trimmed.rfind('\n') + 1);
}

}  // namespace

MemoryFile open_memory(const std::string& content) {
  const int descriptor = memfd_create("onepass", MFD_CLOEXEC);
  MemoryFile file(descriptor < 0 ? nullptr : fdopen(descriptor, "w+"));
  if (!file || std::fwrite(content.data(), 1, content.size(), file.get()) != content.size() || std::fflush(file.get()))
    throw std::system_error(errno, std::generic_category(), "file in memory");
  std::rewind(file.get());
  return file;
}

std::size_t size_of(const MemoryFile& file) {
  struct stat status {};
  if (fstat(fileno(file.get()), &status) != 0) throw std::system_error(errno, std::generic_category(), "fstat");
  return static_cast<std::size_t>(status.st_size);
}

std::string end_of(const MemoryFile& file, std::size_t most) {
  const auto size = size_of(file);
  std::string content(std::min(size, most), '\0');
  std::fseek(file.get(), static_cast<long>(size - content.size()), SEEK_SET);
  content.resize(std::fread(content.data(), 1, content.size(), file.get()));
  return content;
}

std::vector<std::string> python_command(const std::string& script, const std::vector<std::string>& arguments) {
  const char* given = std::getenv("ONEPASS_PYTHON");
  std::vector<std::string> words{given && *given ? given : "/usr/bin/python3", "-I", "-c", script};
  words.insert(words.end(), arguments.begin(), arguments.end());
  return words;
}

pid_t start_process(const std::vector<std::string>& command, const ProcessStreams& streams, ProcessGroup group) {
  std::vector<char*> argv;
  for (const auto& word : command) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, streams.in, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, streams.out, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, streams.err, STDERR_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  if (group == ProcessGroup::own) posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  pid_t process = 0;
  const int error = posix_spawnp(&process, argv.front(), &actions, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0)
    throw std::runtime_error(
        fmt::format("{}: cannot be started: {}", command.front(), std::generic_category().message(error)));
  return process;
}

void throw_failure(const std::string& name, int status, const MemoryFile& err) {
  const auto message = last_line(end_of(err, 65536));
  if (!message.empty()) throw std::runtime_error(message.substr(0, 1000));
  throw std::runtime_error(WIFSIGNALED(status) ? fmt::format("{}: ended by signal {}", name, WTERMSIG(status))
                                               : fmt::format("{}: exit status {}", name, WEXITSTATUS(status)));
}

}  // namespace onepass::io
