// Recognizes the outputs of a detector by their shapes, and describes them as rows of boxes and scores.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/graph/network_info.hpp"
#include "model/read/model_notes.hpp"

namespace onepass::model {

/// An output of a network, at one size of its input.
struct NetworkResult {
  std::string name;
  std::vector<std::int64_t> shape;  ///< -1: depends on the image
  bool is_probability = false;      ///< a sigmoid or softmax is its last operator
};

struct NetworkResults {
  std::vector<NetworkResult> all{};
  ImageSize input{};
  bool has_exponential = false;  ///< whether the network computes exponentials, as one does that decodes YOLOX's boxes
};

/// How the rows of a network are made from its outputs.
struct RowSource {
  std::vector<std::size_t> outputs{};       ///< whose columns are joined, in this order; 1×N is one column
  bool columns_first = false;               ///< 1×columns×N instead of 1×N×columns
  std::optional<std::size_t> prototypes{};  ///< output with the prototypes of masks
  Head head{};                              ///< inputs, type and parameters are left empty
  OutputLayout layout = OutputLayout::yolov8;
};

/// @throws std::runtime_error listing the outputs if they are none of a known detector's, or if something must be known
///         that neither they nor the notes tell.
RowSource recognize(const NetworkResults& results, const ModelNotes& notes);

}  // namespace onepass::model
