// Compiles and runs OpenVINO models on the CPU.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "model/graph/tensor.hpp"
#include "model/run/compute.hpp"

namespace ov {
class Core;
class Model;
}  // namespace ov

namespace onepass::model {

/// Where the bytes of an 8-bit image become numbers in [0, 1].
enum class ByteImages {
  before,  ///< before the model: OpenVINO would change the layout of the image twice
  inside,  ///< in the model: for quantized models, which read bytes
};

class OpenvinoSession {
 public:
  /// Makes the model for images of a size: its input is 1×H×W×3 float, and its results are float.
  using MakeModel = std::function<std::shared_ptr<ov::Model>(int height, int width)>;

  /// The reason why OpenVINO cannot run models with these options; empty if it can.
  static std::string why_not(const EngineOptions& options);

  /// @param core that the models were read with, if they were read from a file
  OpenvinoSession(MakeModel make_model, const EngineOptions& options, ByteImages bytes = ByteImages::before,
                  std::shared_ptr<ov::Core> core = nullptr);
  ~OpenvinoSession();

  /// A model is compiled for an image size and a mode at its first image, and kept for a few sizes. Passes alone run
  /// one at a time, shared ones at the same time.
  /// @param image 1×H×W×3, 8-bit or float
  /// @throws std::runtime_error if the model cannot be made, or cannot run on this image size.
  std::vector<Tensor> run(const Tensor& image, PassMode mode) const;

  int passes_at_once() const;

  /// Why networks are slow with these options on this processor; empty if they are not.
  std::string caution() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace onepass::model
