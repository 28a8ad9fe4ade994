// Waiting for something that another thread or process does, without guessing how long it takes.
#pragma once

#include <poll.h>

#include <chrono>
#include <functional>

namespace onepass::test {

/// Asks again and again; false if the answer is still no after a time in which it should long have come.
inline bool wait_until(const std::function<bool()>& condition,
                       std::chrono::seconds give_up_after = std::chrono::seconds(30)) {
  const auto end = std::chrono::steady_clock::now() + give_up_after;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    ::poll(nullptr, 0, 5);  // leaves the processor to those who are waited for
  }
  return true;
}

}  // namespace onepass::test
