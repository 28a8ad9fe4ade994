// Options of the engines.
#pragma once

#include <string>

#include "model/graph/value_ranges.hpp"
#include "model/run/device.hpp"
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
  Device device{};
  Precision precision = Precision::automatic;
  int threads = 0;
  bool cache = false;
  Waiting waiting = Waiting::sleep;
  ValueRanges ranges{};  ///< empty unless the model is quantized
};

/// The number of threads that an option means. @param threads 0: one per processor core.
int thread_count(int threads);

/// Number of shared passes that run at once on the processor. @param threads 0: one per processor core.
int shared_passes(int threads);

/// Number of threads of a pass. @param threads of the engine; 0: one per processor core.
int threads_of_pass(int threads, PassMode mode);

}  // namespace onepass::model
