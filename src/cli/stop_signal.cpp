#include "cli/stop_signal.hpp"

#include <atomic>
#include <csignal>

namespace onepass::cli {
namespace {

constexpr int stopping_signals[] = {SIGINT, SIGTERM, SIGHUP};

std::atomic<bool> signal_received = false;  // static, because a signal handler has no context
std::atomic<bool> hangup_received = false;
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may only access lock-free atomics");

void on_signal(int signal) {
  signal_received = true;
  std::signal(signal, SIG_DFL);
}

void on_hangup(int) { hangup_received = true; }

}  // namespace

StopSignal::StopSignal(Hangup hangup) {
  signal_received = false;
  hangup_received = false;
  for (const int signal : stopping_signals) std::signal(signal, on_signal);
  if (hangup == Hangup::reopen) std::signal(SIGHUP, on_hangup);
}

StopSignal::~StopSignal() {
  for (const int signal : stopping_signals) std::signal(signal, SIG_DFL);
}

bool StopSignal::received() const { return signal_received; }

bool StopSignal::take_hangup() { return hangup_received.exchange(false); }

}  // namespace onepass::cli
