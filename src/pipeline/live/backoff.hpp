// Provides the exponential backoff between attempts to connect to a camera.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>
#include <string>

namespace onepass::pipeline {

/// Pauses that double from attempt to attempt up to a longest pause. Each is shortened at random by up to a half, so
/// that the many streams of a restarted recorder do not reconnect at the same moment. The random seed is a hash of the
/// stream's name.
class Backoff {
 public:
  using Pause = std::chrono::duration<double>;

  Backoff(Pause shortest, Pause longest, const std::string& name)
      : shortest_(shortest), longest_(longest), next_(shortest), random_(seed_of(name)) {}

  /// Returns the pause before the next attempt; the first is within [½, 1] of `shortest`.
  Pause next() {
    const auto pause = next_ * (0.5 + 0.5 * (static_cast<double>(random_()) - 1) / (random_.max() - 1));
    next_ = std::min(2 * next_, longest_);
    return pause;
  }

  /// Starts again with the shortest pause; call it when an attempt has succeeded.
  void reset() { next_ = shortest_; }

 private:
  static std::uint32_t seed_of(const std::string& name) {
    std::uint32_t hash = 2166136261;  // FNV-1a: unlike std::hash, the same on every platform
    for (const char letter : name) hash = (hash ^ static_cast<unsigned char>(letter)) * 16777619;
    return hash;
  }

  Pause shortest_;
  Pause longest_;
  Pause next_;
  std::minstd_rand random_;
};

}  // namespace onepass::pipeline
