#include "io/python/conversation.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <stdexcept>
#include <system_error>
#include <thread>

#include <fmt/format.h>

namespace onepass::io {
namespace {

constexpr std::size_t longest_line = 64U << 20U;

}  // namespace

PythonConversation::PythonConversation(const std::string& script, const std::vector<std::string>& arguments)
    : err_(open_memory()) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    throw std::system_error(errno, std::generic_category(), "socketpair");
  socket_ = ends[0];
  const auto command = python_command(script, arguments);
  name_ = command.front();
  try {
    process_ = start_process(command, {ends[1], ends[1], fileno(err_.get())}, ProcessGroup::own);
  } catch (...) {
    close(ends[0]);
    close(ends[1]);
    throw;
  }
  close(ends[1]);
}

PythonConversation::~PythonConversation() {
  close(socket_);
  constexpr int most_waits = 200;
  for (int wait = 0; process_ != 0; ++wait) {
    if (wait == most_waits) kill(process_, SIGKILL);
    const auto ended = waitpid(process_, nullptr, wait < most_waits ? WNOHANG : 0);
    if (ended != 0 && !(ended < 0 && errno == EINTR)) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

void PythonConversation::say(const std::string& line) {
  const auto text = line + "\n";
  for (std::size_t sent = 0; sent < text.size();) {
    const auto count = send(socket_, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return;
    sent += static_cast<std::size_t>(count);
  }
}

std::string PythonConversation::hear(std::chrono::milliseconds longest) {
  const auto deadline = std::chrono::steady_clock::now() + longest;
  for (std::size_t searched = 0;;) {
    const auto end = heard_.find('\n', searched);
    if (end != std::string::npos) {
      const auto line = heard_.substr(0, end);
      heard_.erase(0, end + 1);
      return line;
    }
    searched = heard_.size();
    if (searched > longest_line) throw std::runtime_error(name_ + ": the script printed a line that is too long");
    const auto rest =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd ready{socket_, POLLIN, 0};
    if (rest.count() <= 0 || poll(&ready, 1, static_cast<int>(rest.count())) == 0)
      throw std::runtime_error(fmt::format("{}: the script did not answer within {} ms", name_, longest.count()));
    char buffer[65536];
    const auto count = recv(socket_, buffer, sizeof buffer, 0);
    if (count < 0 && errno == EINTR) continue;
    if (count > 0) {
      heard_.append(buffer, static_cast<std::size_t>(count));
      continue;
    }
    int status = 0;
    while (waitpid(process_, &status, 0) < 0 && errno == EINTR) {
    }
    process_ = 0;
    throw_failure(name_, status, err_);
  }
}

}  // namespace onepass::io
