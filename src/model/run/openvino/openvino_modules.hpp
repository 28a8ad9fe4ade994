// Finds the module of a chain, such as layer 4 of a YOLO network, that each operator of an OpenVINO model belongs to.
#pragma once

#include <initializer_list>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <openvino/core/node.hpp>

namespace onepass::model {

using Nodes = std::vector<std::shared_ptr<ov::Node>>;
using Modules = std::unordered_map<const ov::Node*, int>;  ///< index of the module of an operator, or -1

/// Whether the operator has one of these types.
bool is_one_of(const ov::Node& node, std::initializer_list<std::string_view> types);

bool is_constant(const ov::Node& node);

/// The modules that the operators' names tell ("/model.4/cv1/conv/Conv", "__module.model.4.cv1.conv/…"). Operators
/// without such a name belong to the module of what they read.
/// @param nodes all operators, in the order of execution
Modules modules_of(const Nodes& nodes);

}  // namespace onepass::model
