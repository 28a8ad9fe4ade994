#include "embed/learning/tracklets.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace onepass::embed {
namespace {

using testing::ElementsAre;

const Box here{10, 10, 40, 80};
const Box nearby{18, 12, 40, 80};  // IoU .64 with `here`
const Box elsewhere{200, 10, 40, 80};

TEST(LinkBoxes, LinksWhatOverlapsNothingElse) {
  EXPECT_THAT(link_boxes(std::vector{elsewhere, nearby}, std::vector{here, elsewhere}), ElementsAre(1, 0));
}

TEST(LinkBoxes, ClaimsNothingWithoutOverlap) {
  EXPECT_THAT(link_boxes(std::vector{here}, std::vector<Box>{}), ElementsAre(-1));
  EXPECT_THAT(link_boxes(std::vector<Box>{}, std::vector{here}), ElementsAre());
  EXPECT_THAT(link_boxes(std::vector{here}, std::vector{Box{40, 10, 40, 80}}), ElementsAre(-1)) << "IoU .14";
}

TEST(LinkBoxes, LinksNothingIfObjectsMeet) {
  EXPECT_THAT(link_boxes(std::vector{here, nearby}, std::vector{here}), ElementsAre(-1, -1));
  EXPECT_THAT(link_boxes(std::vector{here}, std::vector{here, nearby}), ElementsAre(-1));
  EXPECT_THAT(link_boxes(std::vector{here, nearby, elsewhere}, std::vector{here, nearby, elsewhere}),
              ElementsAre(-1, -1, 2));
}

}  // namespace
}  // namespace onepass::embed
