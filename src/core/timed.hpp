// Measures how long a piece of work takes.
#pragma once

#include <chrono>

namespace onepass {

/// Runs a stage, adds its duration in seconds to `total_s` (also if it throws), and returns its result.
template <typename Stage>
auto timed(double& total_s, Stage stage) {
  struct Timer {
    explicit Timer(double& seconds) : total(seconds) {}
    ~Timer() { total += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(); }
    double& total;
    std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
  } timer(total_s);
  return stage();
}

}  // namespace onepass
