// The OpenMP threads that LibTorch computes on.
#pragma once

#include <memory>
#include <semaphore>
#include <thread>

#include "model/run/compute.hpp"

namespace onepass::model {

/// Sets the number of OpenMP threads of the calling thread, and restores it at its end; other threads are not affected.
class ComputeScope {
 public:
  /// @param threads 0: one per processor core.
  explicit ComputeScope(int threads);
  ~ComputeScope();
  ComputeScope(const ComputeScope&) = delete;
  ComputeScope& operator=(const ComputeScope&) = delete;

 private:
  int threads_before_;
};

/// A sleeping OpenMP team with one thread more than there are cores. While it exists, all OpenMP threads of the process
/// wait as in Waiting::sleep: libgomp lets a waiting thread spin 300,000 turns before it sleeps, but only 100 if it
/// manages more threads than there are cores. Its only other control is an environment variable, GOMP_SPINCOUNT, which
/// it reads before main().
class SleepingTeam {
 public:
  SleepingTeam();
  ~SleepingTeam();
  SleepingTeam(const SleepingTeam&) = delete;
  SleepingTeam& operator=(const SleepingTeam&) = delete;

 private:
  std::binary_semaphore started_{0};
  std::binary_semaphore ended_{0};
  std::thread thread_;  ///< starts the team and holds it until ended_
};

/// A sleeping team if the threads shall wait asleep, otherwise none.
std::unique_ptr<const SleepingTeam> make_team(Waiting waiting);

}  // namespace onepass::model
