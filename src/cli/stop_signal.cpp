#include "cli/stop_signal.hpp"

#include <atomic>
#include <csignal>

namespace onepass {
namespace {

constexpr int stopping_signals[] = {SIGINT, SIGTERM, SIGHUP};

std::atomic<bool> signal_received = false;  // a handler can reach nothing but a static object
static_assert(std::atomic<bool>::is_always_lock_free, "a handler may touch nothing else");

void on_signal(int signal) {
  signal_received = true;
  std::signal(signal, SIG_DFL);
}

}  // namespace

StopSignal::StopSignal() {
  signal_received = false;
  for (const int signal : stopping_signals) std::signal(signal, on_signal);
}

StopSignal::~StopSignal() {
  for (const int signal : stopping_signals) std::signal(signal, SIG_DFL);
}

bool StopSignal::received() const { return signal_received; }

}  // namespace onepass
