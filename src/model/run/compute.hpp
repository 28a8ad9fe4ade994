// Options of the engines, and the scope within which they apply.
#pragma once

#include <string>

#include "onepass/config.hpp"

namespace onepass::model {

/// What the worker threads of OpenMP do after a forward pass. Between the operations of a pass they spin: waking them
/// would take a quarter of its time. `release` ends them after the pass, so that they do not occupy cores that the rest
/// of the program needs; starting them again takes some ten microseconds per thread.
enum class Waiting { release, keep };

struct ComputeOptions {
  std::string device = "cpu";  ///< cpu, cuda or cuda:N
  ExecutorChoice executor = ExecutorChoice::automatic;
  int threads = 0;  ///< 0: one per processor core
  Waiting waiting = Waiting::release;
};

/// Sets the number of OpenMP threads of the calling thread; other threads are not affected. At its end restores the
/// number and, if the options of the outermost scope say so, releases the worker threads. Scopes may be nested.
class ComputeScope {
 public:
  explicit ComputeScope(const ComputeOptions& options);
  ~ComputeScope();
  ComputeScope(const ComputeScope&) = delete;
  ComputeScope& operator=(const ComputeScope&) = delete;

 private:
  int threads_before_;
  Waiting waiting_;
};

}  // namespace onepass::model
