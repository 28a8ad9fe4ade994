#include "model/run/torch/openmp_threads.hpp"

#include <omp.h>

#include <atomic>

#include <ATen/Parallel.h>

namespace onepass::model {

// at::get_num_threads() comes first: ATen's first call in a thread sets the number.
ComputeScope::ComputeScope(int threads) : threads_before_(at::get_num_threads()) {
  omp_set_num_threads(thread_count(threads));
}

ComputeScope::~ComputeScope() { omp_set_num_threads(threads_before_); }

SleepingTeam::SleepingTeam() {
  thread_ = std::thread([this] {
    std::atomic<int> members = 0;
#pragma omp parallel num_threads(omp_get_num_procs() + 1)
    ++members;
    started_.release();
    ended_.acquire();
  });
  started_.acquire();
}

SleepingTeam::~SleepingTeam() {
  ended_.release();
  thread_.join();
}

std::unique_ptr<const SleepingTeam> make_team(Waiting waiting) {
  return waiting == Waiting::sleep ? std::make_unique<const SleepingTeam>() : nullptr;
}

}  // namespace onepass::model
