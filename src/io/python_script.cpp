#include "io/python_script.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <system_error>

#include <fmt/format.h>

#include "io/mot_text.hpp"

namespace onepass::io {
namespace {

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
/// Streams of the script are temporary files: unlike pipes, they need no reading and writing at the same time.
using TemporaryFile = std::unique_ptr<std::FILE, Close>;

TemporaryFile open_temporary(const std::string& content = "") {
  TemporaryFile file(std::tmpfile());
  if (!file || std::fwrite(content.data(), 1, content.size(), file.get()) != content.size() || std::fflush(file.get()))
    throw std::system_error(errno, std::generic_category(), "temporary file");
  std::rewind(file.get());
  return file;
}

std::string content_of(const TemporaryFile& file) {
  std::rewind(file.get());
  std::string content;
  char buffer[65536];
  while (const auto count = std::fread(buffer, 1, sizeof buffer, file.get())) content.append(buffer, count);
  return content;
}

std::string last_line(const std::string& text) {
  const auto trimmed = io::trimmed(text);
  return std::string(trimmed.substr(trimmed.rfind('\n') + 1));
}

pid_t start(const std::vector<std::string>& words, const TemporaryFile& in, const TemporaryFile& out,
            const TemporaryFile& err) {
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

}  // namespace

std::string run_python(const std::string& script, const std::vector<std::string>& arguments, const std::string& input) {
  const char* given = std::getenv("ONEPASS_PYTHON");
  std::vector<std::string> words{given && *given ? given : "/usr/bin/python3", "-c", script};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const auto in = open_temporary(input);
  const auto out = open_temporary();
  const auto err = open_temporary();
  const auto process = start(words, in, out, err);
  int status = 0;
  while (waitpid(process, &status, 0) < 0) {
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), words.front());
  }
  if (status == 0) return content_of(out);
  const auto message = last_line(content_of(err));
  if (!message.empty()) throw std::runtime_error(message);
  throw std::runtime_error(WIFSIGNALED(status) ? fmt::format("{}: ended by signal {}", words.front(), WTERMSIG(status))
                                               : fmt::format("{}: exit status {}", words.front(), WEXITSTATUS(status)));
}

}  // namespace onepass::io
