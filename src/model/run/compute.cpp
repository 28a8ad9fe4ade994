#include "model/run/compute.hpp"

#include <omp.h>

#include <algorithm>
#include <atomic>

#include <ATen/Parallel.h>

namespace onepass::model {

std::string why_not_in_libtorch(const EngineOptions& options) {
  switch (options.precision) {
    case Precision::automatic:
    case Precision::f32:
      return "";
    case Precision::f16:
      return options.device.is_cuda() ? "" : "it computes in f16 on CUDA only";
    case Precision::bf16:
    case Precision::int8:
      break;
  }
  return "it computes in f32 and f16 only";
}

int thread_count(int threads) {
  return threads > 0 ? threads : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

int threads_of_pass(int threads, PassMode mode) {
  constexpr int most_passes = 8;  // each has maps of its own, tens of megabytes
  const int all = thread_count(threads);
  return mode == PassMode::alone ? all : (all + most_passes - 1) / most_passes;
}

int shared_passes(int threads) { return thread_count(threads) / threads_of_pass(threads, PassMode::shared); }

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
