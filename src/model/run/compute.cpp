#include "model/run/compute.hpp"

#include <algorithm>
#include <thread>

namespace onepass::model {

int thread_count(int threads) {
  return threads > 0 ? threads : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

int threads_of_pass(int threads, PassMode mode) {
  constexpr int most_passes = 8;  // each has maps of its own, tens of megabytes
  const int all = thread_count(threads);
  return mode == PassMode::alone ? all : (all + most_passes - 1) / most_passes;
}

int shared_passes(int threads) { return thread_count(threads) / threads_of_pass(threads, PassMode::shared); }

}  // namespace onepass::model
