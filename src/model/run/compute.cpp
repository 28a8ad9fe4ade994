#include "model/run/compute.hpp"

#include <omp.h>

#include <algorithm>
#include <thread>

#include <ATen/Parallel.h>

namespace onepass::model {

ComputeScope::ComputeScope(const ComputeOptions& options)
    : threads_before_(at::get_num_threads()), waiting_(options.waiting) {
  at::internal::lazy_init_num_threads();  // ATen's first call in a thread resets the number
  const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  omp_set_num_threads(options.threads > 0 ? options.threads : cores);
}

ComputeScope::~ComputeScope() {
  omp_set_num_threads(threads_before_);
  if (waiting_ == Waiting::release && omp_in_parallel() == 0) omp_pause_resource_all(omp_pause_soft);
}

}  // namespace onepass::model
