#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/readers.hpp"

namespace onepass::formats {
namespace {

using LabelStudio = test::Readers;

TEST_F(LabelStudio, KeepsTheIdsOfOnepass) {
  const std::string box =
      R"({"type": "videorectangle", "original_width": 200, "original_height": 100, "value": {"sequence":
     [{"frame": 1, "enabled": false, "x": 10, "y": 20, "width": 50, "height": 40}], "labels": ["Man"]})";
  const auto found = read_text("a.json", R"([{"data": {"video": "a.mp4"}, "annotations": [{"result": [)" + box +
                                             R"(, "id": "track-7"}, )" + box + R"(, "id": "x2Zq"}, )" + box + "}]}]}]");
  std::vector<std::int64_t> ids;
  for (const auto& object : found.objects) ids.push_back(object.id);
  EXPECT_THAT(ids, testing::ElementsAre(7, 8, 9));
}

constexpr const char* moving_man = R"([{"data": {"video": "a.mp4"}, "annotations": [{"result": [
  {"original_width": 200, "original_height": 100, "type": "videorectangle", "from_name": "box", "to_name": "video",
   "value": {"framesCount": 20, "duration": 2, "labels": ["Man"], "sequence": [
     {"frame": 1, "enabled": true, "x": 10, "y": 20, "width": 50, "height": 40, "rotation": 0},
     {"frame": 3, "enabled": false, "x": 20, "y": 20, "width": 50, "height": 40, "rotation": 0},
     {"frame": 6, "enabled": true, "x": 30, "y": 20, "width": 50, "height": 40, "rotation": 0}]}}]}]}])";

TEST_F(LabelStudio, FillsTheFramesBetweenKeyframes) {
  const auto found = read_text("a.json", moving_man);
  ASSERT_EQ(found.objects.size(), 4U) << "frames 1, 2, 3 and 6";
  EXPECT_EQ(found.objects[1].frame, 2);
  EXPECT_DOUBLE_EQ(found.objects[1].left, 30);
  EXPECT_DOUBLE_EQ(found.objects[1].width, 100);
  EXPECT_EQ(found.objects[3].frame, 6);
  EXPECT_EQ(found.frame_count, 20);
  EXPECT_EQ(found.frame_rate, 10);
  EXPECT_EQ(class_name(found.class_names, found.objects[0].class_id), "Man");
}

TEST_F(LabelStudio, RotationsThatAreNoNumbersDoNotCount) {
  const auto unread = [&](const std::string& rotation) {
    return read_text(
               "a.json",
               R"([{"annotations": [{"result": [{"type": "videorectangle", "value": {"labels": ["car"], "sequence":
                     [{"frame": 1, "x": 1, "y": 2, "width": 3, "height": 4, "rotation": )" +
                   rotation + "}]}}]}]}]",
               {.size = {640, 480}})
        .unread;
  };
  EXPECT_EQ(unread("30"), std::set<std::string>{"rotations of boxes"});
  for (const std::string rotation : {"0", "\"0\"", "\"\"", "null", "false"})
    EXPECT_EQ(unread(rotation).size(), 0U) << rotation;
}

}  // namespace
}  // namespace onepass::formats
