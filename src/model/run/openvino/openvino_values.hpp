// Notation for the operators of an OpenVINO model.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include <openvino/op/constant.hpp>
#include <openvino/op/transpose.hpp>

namespace onepass::model {

using Value = ov::Output<ov::Node>;

/// The first output of a new operator.
template <typename Node, typename... Arguments>
Value make(Arguments&&... arguments) {
  return std::make_shared<Node>(std::forward<Arguments>(arguments)...)->output(0);
}

inline Value integers(const std::vector<std::int64_t>& values) {
  return make<ov::op::v0::Constant>(ov::element::i64, ov::Shape{values.size()}, values);
}

/// The value with its axes in this order.
inline Value permute(const Value& value, const std::vector<std::int64_t>& order) {
  return make<ov::op::v1::Transpose>(value, integers(order));
}

}  // namespace onepass::model
