#include "cli/stop_signal.hpp"

#include <atomic>
#include <csignal>

namespace onepass {
namespace {

std::atomic<bool> signal_received = false;  // a handler can reach nothing but a static object
static_assert(std::atomic<bool>::is_always_lock_free, "a handler may touch nothing else");

void on_signal(int signal) {
  signal_received = true;
  std::signal(signal, SIG_DFL);
}

}  // namespace

StopSignal::StopSignal() {
  signal_received = false;
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
}

StopSignal::~StopSignal() {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
}

bool StopSignal::received() const { return signal_received; }

}  // namespace onepass
