// Runs a TorchScript export with LibTorch, on the CPU or on a CUDA device.
#pragma once

#include <memory>
#include <vector>

#include <c10/core/ScalarType.h>

#include "model/run/compute.hpp"
#include "model/run/executor.hpp"
#include "model/run/torch/openmp_threads.hpp"

namespace onepass::model {

struct Script;

class TorchscriptExecutor : public Executor {
 public:
  /// Rewrites the script's graph to return the head's raw maps and the outputs of `taps`, and moves it to the device.
  TorchscriptExecutor(std::shared_ptr<Script> script, const std::vector<int>& taps, const EngineOptions& options);

  NetworkOutput run(const Tensor& image, PassMode) const override;

 private:
  at::ScalarType type() const;

  std::shared_ptr<Script> script_;
  EngineOptions options_;
  std::unique_ptr<const SleepingTeam> team_;
};

}  // namespace onepass::model
