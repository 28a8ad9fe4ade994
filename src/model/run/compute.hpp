// Options of the engines, and the OpenMP threads that LibTorch computes on.
#pragma once

#include <memory>
#include <semaphore>
#include <string>
#include <thread>

#include <c10/core/Device.h>

#include "model/graph/value_ranges.hpp"
#include "onepass/config.hpp"

namespace onepass::model {

/// How OpenMP's threads wait for each other between and after the operations of a pass.
enum class Waiting {
  sleep,  ///< spin for some microseconds, then sleep: cores that other threads need are free
  spin,   ///< spin for milliseconds, the default of OpenMP: only for machines that do nothing else
};

/// How a pass uses the threads of an engine.
enum class PassMode {
  alone,   ///< on all threads: the shortest time for one image
  shared,  ///< on its share of the threads, beside passes that other threads run: the most images per second
};

struct ComputeOptions {
  std::string device = "cpu";  ///< cpu, cuda or cuda:N
  ExecutorChoice executor = ExecutorChoice::automatic;
  Precision precision = Precision::automatic;
  int threads = 0;                   ///< 0: one per processor core
  bool cache = false;                ///< keep compiled networks in the user's cache folder
  Waiting waiting = Waiting::sleep;  ///< of LibTorch's threads
};

/// What an engine is told: the options, with the device found, and the ranges of a quantized model.
struct EngineOptions {
  c10::Device device = c10::kCPU;
  Precision precision = Precision::automatic;
  int threads = 0;
  bool cache = false;
  Waiting waiting = Waiting::sleep;
  ValueRanges ranges{};  ///< empty unless the model is quantized
};

/// The reason why LibTorch does not compute in the precision; empty if it does.
std::string why_not_in_libtorch(const EngineOptions& options);

/// The number of threads that an option means. @param threads 0: one per processor core.
int thread_count(int threads);

/// Number of shared passes that run at once on the processor. @param threads 0: one per processor core.
int shared_passes(int threads);

/// Number of threads of a pass. @param threads of the engine; 0: one per processor core.
int threads_of_pass(int threads, PassMode mode);

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
