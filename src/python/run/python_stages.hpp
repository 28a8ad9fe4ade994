// Stages of a run that are written in Python: an iterator of images as source, a function as detector.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <pybind11/pybind11.h>

#include "onepass/detector.hpp"
#include "onepass/frame_source.hpp"

namespace onepass::python {

/// The images of a Python iterator, in even intervals. All functions but the destructor may be called without Python's
/// lock; the destructor needs it.
class PythonSource : public FrameSource {
 public:
  /// @param images iterator of H×W×3 uint8 arrays
  PythonSource(pybind11::object images, double frame_rate, int stride);

  const SourceInfo& info() const override { return info_; }
  std::optional<Frame> next() override;

 private:
  pybind11::object take();

  pybind11::object images_;
  SourceInfo info_;
  std::int64_t next_index_ = 0;
};

/// Calls a Python function for every frame. The same rule holds for its destructor.
class PythonDetector : public Detector {
 public:
  /// @param function takes an H×W×3 uint8 array and returns a tuple of the four members of DetectionArrays
  PythonDetector(pybind11::object function, std::vector<std::string> class_names)
      : function_(std::move(function)), class_names_(std::move(class_names)) {}

  std::vector<Detection> detect(const Frame& frame) override;
  const std::vector<std::string>& class_names() const override { return class_names_; }

 private:
  pybind11::object function_;
  std::vector<std::string> class_names_;
};

}  // namespace onepass::python
