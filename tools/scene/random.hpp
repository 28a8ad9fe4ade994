// Reproducible random numbers; unlike the standard library's distributions they are the same on every machine. Scenes
// are reproducible per compiler only, since C++ leaves the evaluation order of function arguments unspecified.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <numbers>

namespace onepass::scene {

/// SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014).
class Random {
 public:
  /// Different streams of the same seed are independent.
  explicit Random(std::uint64_t seed, std::uint64_t stream = 0) : state_(mixed(seed + mixed(stream + gamma))) {}

  std::uint64_t next() { return mixed(state_ += gamma); }
  /// Uniform in [0, 1).
  double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }
  double uniform(double least, double most) { return least + (most - least) * uniform(); }
  float real(double least, double most) { return static_cast<float>(uniform(least, most)); }
  /// Uniform in [least, most].
  int integer(int least, int most) {
    return least + static_cast<int>(next() % static_cast<std::uint64_t>(most - least + 1));
  }
  bool chance(double probability) { return uniform() < probability; }
  /// Normal with mean 0 and standard deviation 1 (Box and Muller, 1958).
  double normal() { return std::sqrt(-2 * std::log(1 - uniform())) * std::cos(2 * std::numbers::pi * uniform()); }
  template <typename Items>
  const auto& pick(const Items& items) {
    return items[static_cast<std::size_t>(next() % std::size(items))];
  }

 private:
  static constexpr std::uint64_t gamma = 0x9e3779b97f4a7c15;
  static std::uint64_t mixed(std::uint64_t value) {
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
    value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
    return value ^ (value >> 31);
  }
  std::uint64_t state_;
};

}  // namespace onepass::scene
