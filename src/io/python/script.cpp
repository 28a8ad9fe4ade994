#include "io/python/script.hpp"

#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <stdexcept>
#include <system_error>
#include <thread>

#include <fmt/format.h>

#include "io/python/interpreter.hpp"

namespace onepass::io {
namespace {

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
  const auto command = python_command(script, arguments);
  const auto& name = command.front();
  const auto in = open_memory(input);
  const auto out = open_memory();
  const auto err = open_memory();
  const ProcessStreams streams{fileno(in.get()), fileno(out.get()), fileno(err.get())};
  const int status = wait_for(start_process(command, streams, ProcessGroup::shared), name, {&out, &err}, limits);
  if (status != 0) throw_failure(name, status, err);
  return end_of(out, limits.output);
}

}  // namespace onepass::io
