// Runs a TorchScript export with LibTorch, on the CPU or on a CUDA device.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <c10/core/Device.h>

#include "model/run/executor.hpp"

namespace onepass::model {

struct Script;

class TorchscriptExecutor : public Executor {
 public:
  using Input = std::shared_ptr<Script>;

  static std::string why_not(const Input&, const std::vector<int>&, c10::Device) { return ""; }

  /// Rewrites the script's graph to return the head's raw maps and the outputs of `taps`, and moves it to the device.
  TorchscriptExecutor(Input script, const std::vector<int>& taps, c10::Device device);

  NetworkOutput run(const at::Tensor& image) const override;

 private:
  Input script_;
  c10::Device device_;
};

}  // namespace onepass::model
