#include "cli/stop_signal.hpp"

#include <csignal>

namespace onepass {
namespace {

volatile std::sig_atomic_t signal_received = 0;  // a handler can reach nothing but a static object

void on_signal(int signal) {
  signal_received = 1;
  std::signal(signal, SIG_DFL);
}

}  // namespace

StopSignal::StopSignal() {
  signal_received = 0;
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
}

StopSignal::~StopSignal() {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
}

bool StopSignal::received() const { return signal_received != 0; }

}  // namespace onepass
