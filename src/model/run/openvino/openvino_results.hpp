// The outputs of a network, and the rows that are made from them.
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

/// For messages: names and shapes.
std::string describe(const NetworkResult& result);
std::string describe(const std::vector<NetworkResult>& results);

/// Whether the output has this number of dimensions, and the first is 1.
bool is_of_one_image(const NetworkResult& result, std::size_t dimensions);

/// Number of coefficients of masks in a row: one per channel of the map of prototypes that they weight; 0 without one.
int mask_columns(const NetworkResults& results);

/// Adds what the columns after the classes describe: masks or keypoints. Who lists the outputs to read and leaves out
/// the prototypes wants no masks.
/// @throws std::runtime_error if the columns do not fit the prototypes or the shape of the keypoints.
RowSource with_shapes(RowSource source, const NetworkResults& results, const ModelNotes& notes);

}  // namespace onepass::model
