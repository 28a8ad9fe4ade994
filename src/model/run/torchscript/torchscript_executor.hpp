// Runs a TorchScript export with LibTorch, on the CPU or on a CUDA device.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "model/run/compute.hpp"
#include "model/run/executor.hpp"

namespace onepass::model {

struct Script;

class TorchscriptExecutor : public Executor {
 public:
  using Input = std::shared_ptr<Script>;

  static std::string why_not(const Input&, const std::vector<int>&, const EngineOptions& options) {
    return why_not_in_libtorch(options);
  }

  /// Rewrites the script's graph to return the head's raw maps and the outputs of `taps`, and moves it to the device.
  TorchscriptExecutor(Input script, const std::vector<int>& taps, const EngineOptions& options);

  NetworkOutput run(const at::Tensor& image, PassMode) const override;

 private:
  at::ScalarType type() const;

  Input script_;
  EngineOptions options_;
  std::unique_ptr<const SleepingTeam> team_;
};

}  // namespace onepass::model
