// Tests the limits of the numbers in a graph, which come from files.
#include "model/graph/graph_builder.hpp"

#include <limits>

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/message_of.hpp"

namespace onepass::model {
namespace {

using test::message_of;
using testing::HasSubstr;

constexpr int largest = std::numeric_limits<int>::max();

Convolution pointwise(int in, int out, int stride) {
  Convolution result;
  result.weight = Tensor({out, in, 1, 1}, NumberType::u8);  // never written: takes no memory
  result.bias = Tensor::filled({out}, 0);
  result.stride = stride;
  return result;
}

TEST(GraphBuilder, StridesCannotGrowBeyondReason) {
  GraphBuilder builder;
  int value = builder.convolve(0, pointwise(3, 4, 4096));
  for (const int stride : {2, 1 << 19, 1 << 20, 1 << 30, largest}) {
    EXPECT_NE(message_of([&] { builder.convolve(value, pointwise(4, 4, stride)); }), "") << stride;
    EXPECT_NE(message_of([&] { builder.max_pool(value, {1, stride, 0}); }), "") << stride;
  }
  EXPECT_EQ(builder.stride(value), 4096);
}

TEST(GraphBuilder, PoolingsAndChannelsAreChecked) {
  GraphBuilder builder;
  const int value = builder.convolve(0, pointwise(3, 4, 1));
  EXPECT_THAT(message_of([&] { builder.max_pool(value, {5, 1, largest}); }), HasSubstr("pooling is out of range"));
  EXPECT_THAT(message_of([&] { builder.convolve(value, pointwise(5, 4, 1)); }),
              HasSubstr("expects 5 channels but gets 4"));
  auto grouped = pointwise(1 << 12, 1 << 20, 1);
  grouped.groups = 1 << 20;  // 2³² channels would be 0 as an int
  EXPECT_THAT(message_of([&] { builder.convolve(value, grouped); }),
              HasSubstr("expects 4294967296 channels but gets 4"));
  int wide = value;
  for (int i = 0; i < 18; ++i) wide = builder.concat({wide, wide});  // 4 · 2¹⁸ are the most
  EXPECT_THAT(message_of([&] { builder.concat({wide, value}); }), HasSubstr("concatenates too many channels"));
}

}  // namespace
}  // namespace onepass::model
