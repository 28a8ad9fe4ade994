// Waits for a condition that another thread or process fulfills, without a fixed delay.
#pragma once

#include <poll.h>

#include <chrono>
#include <functional>

namespace onepass::test {

/// Polls the condition; false if it still does not hold after a long timeout.
inline bool wait_until(const std::function<bool()>& condition,
                       std::chrono::seconds give_up_after = std::chrono::seconds(30)) {
  const auto end = std::chrono::steady_clock::now() + give_up_after;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    ::poll(nullptr, 0, 5);  // yields the processor to other threads
  }
  return true;
}

}  // namespace onepass::test
