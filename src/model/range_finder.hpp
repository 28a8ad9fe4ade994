// Measures the ranges of the values inside a network, for quantizing it.
#pragma once

#include <filesystem>
#include <memory>

#include "model/graph/network_info.hpp"
#include "model/graph/value_ranges.hpp"

namespace onepass::model {

class RangeFinder {
 public:
  /// @throws std::runtime_error like read_model(); if the file is an export or quantized already; if this build has no
  ///         OpenVINO.
  explicit RangeFinder(const std::filesystem::path& path);
  ~RangeFinder();

  const NetworkInfo& info() const;

  /// @param image as for Network::run().
  void observe(const Tensor& image);

  /// Per value, the means over the images of its smallest and of its largest element: single outliers count little.
  ValueRanges ranges() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace onepass::model
