#include "model/run/compute.hpp"

#include <omp.h>

#include <algorithm>
#include <atomic>

#include <ATen/Parallel.h>

namespace onepass::model {

// at::get_num_threads() comes first: ATen's first call in a thread sets the number.
ComputeScope::ComputeScope(const ComputeOptions& options) : threads_before_(at::get_num_threads()) {
  const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  omp_set_num_threads(options.threads > 0 ? options.threads : cores);
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

}  // namespace onepass::model
