#include "lab/identities.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lab/reid_evaluation.hpp"
#include "support/message_of.hpp"
#include "support/scene.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::lab {
namespace {

using test::message_of;
using test::TemporaryFolder;
using testing::HasSubstr;
using testing::Optional;

LabeledBox truth_box(std::int64_t id, double left, double top, double width = 40, double height = 100) {
  return {.id = id, .left = left, .top = top, .width = width, .height = height};
}

TEST(Identify, TakesEveryIdentityOnceWithTheGreatestTotalOverlap) {
  const std::vector<LabeledBox> truth = {truth_box(7, 100, 100), truth_box(8, 110, 100)};
  const std::vector<Detection> detections = {test::detection(104, 100), test::detection(90, 100),
                                             test::detection(500, 100)};
  // The first box overlaps both; only if it gets 8 can the second get 7.
  const auto identities = identify(detections, truth, 0.5);
  EXPECT_THAT(identities[0], Optional(8));
  EXPECT_THAT(identities[1], Optional(7));
  EXPECT_FALSE(identities[2].has_value());
}

TEST(Identify, HalfAnOverlapIsEnoughAndLessIsNot) {
  const std::vector<LabeledBox> exact = {truth_box(1, 0, 0, 40, 90), truth_box(2, 1000, 0, 40, 90)};
  EXPECT_TRUE(identify(std::vector{test::detection(10, 0, 40, 90)}, exact, 0.6)[0].has_value());
  EXPECT_FALSE(identify(std::vector{test::detection(14, 0, 40, 90)}, exact, 0.5)[0].has_value());
  EXPECT_TRUE(identify(std::vector{test::detection(0, 0, 40, 45)}, exact, 0.5)[0].has_value());
  EXPECT_TRUE(identify({}, exact, 0.5).empty());
}

TEST(ReadIdentities, KeepsWhatIsEvaluated) {
  const TemporaryFolder folder;
  folder.write("MOT17-99/seqinfo.ini", "[Sequence]\nname=MOT17-99\nframeRate=10\nseqLength=3\n");
  folder.write("MOT17-99/gt/gt.txt",
               "1,1,0,0,10,20,1,1,1\n1,2,0,0,10,20,0,1,1\n1,3,0,0,10,20,1,3,1\n3,1,5,0,10,20,1,1,1\n");
  const auto truth = read_identities(folder / "MOT17-99", [](const std::string&) {});
  EXPECT_EQ(truth.frame_count(), 3);
  ASSERT_EQ(truth.frame(0).size(), 1U);  // neither the box marked 0 nor the car
  EXPECT_EQ(truth.frame(0)[0].id, 1);
  EXPECT_EQ(truth.frame(1).size(), 0U);
  EXPECT_THAT(message_of([&] { read_identities(folder.path(), [](const std::string&) {}); }),
              HasSubstr("seqinfo.ini: no such file"));
}

TEST(ParseGap, TakesFramesAndSeconds) {
  EXPECT_EQ(parse_gap("25").in_frames(7), 25);
  EXPECT_EQ(parse_gap("1s").in_frames(7), 7);
  EXPECT_EQ(parse_gap("0.5s").in_frames(30), 15);
  EXPECT_EQ(parse_gap("0.01s").in_frames(7), 1);  // never the frame itself
  for (const auto* text : {"", "s", "0", "-5", "5x", "1.5", "0s", "-1s", "nans", "infs", "1e99s", "99999999999"})
    EXPECT_THAT(message_of([&] { parse_gap(text); }), HasSubstr("is not a gap")) << text;
}

}  // namespace
}  // namespace onepass::lab
