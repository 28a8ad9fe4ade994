#include "model/run/compute.hpp"

#include <omp.h>

#include <algorithm>
#include <thread>

#include <ATen/Parallel.h>

namespace onepass::model {

namespace {

thread_local int open_scopes = 0;

}  // namespace

// at::get_num_threads() comes first: ATen's first call in a thread sets the number.
ComputeScope::ComputeScope(const ComputeOptions& options)
    : threads_before_(at::get_num_threads()), waiting_(options.waiting) {
  ++open_scopes;
  const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  omp_set_num_threads(options.threads > 0 ? options.threads : cores);
}

ComputeScope::~ComputeScope() {
  omp_set_num_threads(threads_before_);
  if (--open_scopes > 0 || waiting_ == Waiting::keep || omp_in_parallel()) return;
  omp_pause_resource_all(omp_pause_soft);
}

}  // namespace onepass::model
