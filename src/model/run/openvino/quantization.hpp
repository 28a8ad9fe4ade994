// Quantization of a model to 8-bit integers: which values are rounded, and to which steps.
#pragma once

#include <string>
#include <vector>

#include "model/graph/value_ranges.hpp"

namespace ov {
class Model;
}

namespace onepass::model {

/// Adds, for every value that quantize() rounds, its smallest and its largest element as two results of the model,
/// after its other results. Returns the names of the values.
std::vector<std::string> observe_values(ov::Model& model);

/// Rounds the values that convolutions read to 256 steps over their ranges, and the weights of convolutions to 255
/// steps per output channel, symmetric around zero. OpenVINO then computes these convolutions in 8-bit integers (the
/// scheme of Jacob et al., Quantization and Training of Neural Networks, 2018). Maps that are joined share one range:
/// joining them needs no conversion.
/// @throws std::runtime_error if a value has no range.
void quantize(ov::Model& model, const ValueRanges& ranges);

}  // namespace onepass::model
