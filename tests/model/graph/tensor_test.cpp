#include "model/graph/tensor.hpp"

#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace onepass::model {
namespace {

using testing::Each;
using testing::ElementsAre;

TEST(Tensor, CopiesAndOtherSizesShareTheNumbers) {
  const auto tensor = Tensor::filled({2, 3}, 1.5F);
  EXPECT_EQ(tensor.count(), 6);
  EXPECT_THAT(tensor.floats(), Each(1.5F));
  const auto row = tensor.reshaped({6});
  row.floats()[5] = 2;
  EXPECT_EQ(tensor.floats()[5], 2);
  EXPECT_EQ(row.dim(), 1U);
  EXPECT_THROW((tensor.reshaped({4})), std::invalid_argument);
}

TEST(Tensor, HoldsFloatsOrBytes) {
  const Tensor bytes({4}, NumberType::u8);
  EXPECT_EQ(bytes.bytes().size(), 4U);
  EXPECT_THROW((bytes.floats()), std::logic_error);
  EXPECT_THROW((Tensor({4}).bytes()), std::logic_error);
}

TEST(Tensor, MayBeUndefinedOrEmpty) {
  EXPECT_FALSE(Tensor().defined());
  EXPECT_EQ(Tensor().count(), 0);
  EXPECT_TRUE(Tensor().floats().empty());
  const Tensor empty({3, 0});
  EXPECT_TRUE(empty.defined());
  EXPECT_TRUE(empty.floats().empty());
}

TEST(Tensor, RefusesImpossibleSizes) {
  constexpr auto large = std::int64_t{1} << 62;
  EXPECT_THROW((Tensor({large})), std::runtime_error);
  EXPECT_THROW((Tensor({large, large})), std::runtime_error);
  EXPECT_THROW((Tensor({-1})), std::runtime_error);
}

TEST(Tensor, ChannelsFirst) {
  const Tensor map({1, 2, 3, 2});
  std::iota(map.floats().begin(), map.floats().end(), 0.0F);
  const auto moved = channels_first(map);
  EXPECT_THAT(moved.sizes(), ElementsAre(2, 2, 3));
  EXPECT_THAT(moved.floats(), ElementsAre(0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11));
}

}  // namespace
}  // namespace onepass::model
