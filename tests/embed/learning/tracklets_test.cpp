#include "embed/learning/tracklets.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace onepass::embed {
namespace {

using testing::ElementsAre;

const Box kHere{10, 10, 40, 80};
const Box kNearby{18, 12, 40, 80};  // IoU .64 with the one above
const Box kElsewhere{200, 10, 40, 80};

TEST(LinkBoxes, LinksWhatOverlapsNothingElse) {
  EXPECT_THAT(link_boxes(std::vector{kElsewhere, kNearby}, std::vector{kHere, kElsewhere}), ElementsAre(1, 0));
}

TEST(LinkBoxes, ClaimsNothingWithoutOverlap) {
  EXPECT_THAT(link_boxes(std::vector{kHere}, std::vector<Box>{}), ElementsAre(-1));
  EXPECT_THAT(link_boxes(std::vector<Box>{}, std::vector{kHere}), ElementsAre());
  EXPECT_THAT(link_boxes(std::vector{kHere}, std::vector{Box{40, 10, 40, 80}}), ElementsAre(-1)) << "IoU .14";
}

TEST(LinkBoxes, ClaimsNothingWhereObjectsMeet) {
  EXPECT_THAT(link_boxes(std::vector{kHere, kNearby}, std::vector{kHere}), ElementsAre(-1, -1));
  EXPECT_THAT(link_boxes(std::vector{kHere}, std::vector{kHere, kNearby}), ElementsAre(-1));
  EXPECT_THAT(link_boxes(std::vector{kHere, kNearby, kElsewhere}, std::vector{kHere, kNearby, kElsewhere}),
              ElementsAre(-1, -1, 2));
}

}  // namespace
}  // namespace onepass::embed
