// Random numbers that are the same on every platform.
#pragma once

#include <random>

namespace onepass::test {

class Dice {
 public:
  explicit Dice(unsigned seed) : generator_(seed) {}
  int below(int count) { return static_cast<int>(generator_() % static_cast<unsigned>(count)); }
  bool chance(int percent) { return below(100) < percent; }
  double number(double low, double high) { return low + (high - low) * below(10'000) / 10'000; }

 private:
  std::mt19937 generator_;
};

}  // namespace onepass::test
