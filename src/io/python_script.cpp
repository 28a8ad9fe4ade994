#include "io/python_script.hpp"

#include <spawn.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <system_error>
#include <thread>

#include <fmt/format.h>

namespace onepass::io {
namespace {

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
/// Streams of the script are files in memory: unlike pipes, they need no reading and writing at the same time.
using MemoryFile = std::unique_ptr<std::FILE, Close>;

MemoryFile open_memory(const std::string& content = "") {
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

/// Returns the last bytes of the file, at most `most`.
std::string end_of(const MemoryFile& file, std::size_t most) {
  const auto size = size_of(file);
  std::string content(std::min(size, most), '\0');
  std::fseek(file.get(), static_cast<long>(size - content.size()), SEEK_SET);
  content.resize(std::fread(content.data(), 1, content.size(), file.get()));
  return content;
}

std::string last_line(const std::string& text) {
  const auto trimmed = text.substr(0, text.find_last_not_of(" \r\n") + 1);
  return trimmed.substr(trimmed.rfind('\n') + 1);
}

pid_t start(const std::vector<std::string>& words, const MemoryFile& in, const MemoryFile& out, const MemoryFile& err) {
  std::vector<char*> argv;
  for (const auto& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, fileno(in.get()), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, fileno(out.get()), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, fileno(err.get()), STDERR_FILENO);
  pid_t process = 0;
  const int error = posix_spawnp(&process, argv.front(), &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0)
    throw std::runtime_error(
        fmt::format("{}: cannot be started: {}", words.front(), std::generic_category().message(error)));
  return process;
}

/// Waits for the end of the process, which is killed when it exceeds a limit.
/// @return its status, as waitpid() gives it
int wait_for(pid_t process, const std::string& name, const std::vector<const MemoryFile*>& written,
             const PythonLimits& limits) {
  const auto deadline = std::chrono::steady_clock::now() + limits.time;
  const auto is_full = [&](const MemoryFile* file) { return size_of(*file) > limits.output; };
  std::string exceeded;
  for (int status = 0;;) {
    const auto ended = waitpid(process, &status, exceeded.empty() ? WNOHANG : 0);
    if (ended < 0 && errno != EINTR) throw std::system_error(errno, std::generic_category(), name);
    if (std::ranges::any_of(written, is_full)) {
      exceeded = fmt::format("{}: wrote more than {} bytes", name, limits.output);
    } else if (ended == 0 && std::chrono::steady_clock::now() >= deadline) {
      exceeded = fmt::format("{}: did not end within {} ms", name, limits.time.count());
    }
    if (ended > 0 && exceeded.empty()) return status;
    if (ended > 0) throw std::runtime_error(exceeded);
    if (!exceeded.empty()) kill(process, SIGKILL);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

}  // namespace

std::string run_python(const std::string& script, const std::vector<std::string>& arguments, const std::string& input,
                       const PythonLimits& limits) {
  const char* given = std::getenv("ONEPASS_PYTHON");
  std::vector<std::string> words{given && *given ? given : "/usr/bin/python3", "-I", "-c", script};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const auto& name = words.front();
  const auto in = open_memory(input);
  const auto out = open_memory();
  const auto err = open_memory();
  const int status = wait_for(start(words, in, out, err), name, {&out, &err}, limits);
  if (status == 0) return end_of(out, limits.output);
  const auto message = last_line(end_of(err, 65536));
  if (!message.empty()) throw std::runtime_error(message.substr(0, 1000));
  throw std::runtime_error(WIFSIGNALED(status) ? fmt::format("{}: ended by signal {}", name, WTERMSIG(status))
                                               : fmt::format("{}: exit status {}", name, WEXITSTATUS(status)));
}

}  // namespace onepass::io
