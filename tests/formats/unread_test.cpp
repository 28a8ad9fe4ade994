// What files have and is not read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/readers.hpp"

namespace onepass::formats {
namespace {

using Unread = test::Readers;

/// Rows and documents of which a part is not read.
TEST_F(Unread, IsTold) {
  const auto unread = [&](const std::string& name, const std::string& text, const ReadOptions& options = {}) {
    return read_text(name, text, options).unread;
  };
  using Names = std::set<std::string>;
  const std::string kitti = "0 2 Car 0 0 -1.57 296.7 161.7 455.2 292.4 ";
  EXPECT_EQ(unread("a.txt", kitti + "2.0 1.8 4.4 -4.5 1.8 13.4 -2.1\n"), Names{"3D boxes"});
  EXPECT_EQ(unread("a.txt", kitti + "-1 -1 -1 -1000 -1000 -1000 -10\n"), Names());
  EXPECT_EQ(unread("a.txt", "1,1,2,3,4,5,1,4.25,-1.5,0\n"), Names{"column 8 of ten, a class or a world coordinate"});
  EXPECT_EQ(unread("a.txt", "1,1,2,3,4,5,1,-1,-1,-1\n"), Names());
  EXPECT_EQ(unread("a.json", R"({"images": [{"id": 1}], "categories": [], "annotations": [{"image_id": 1,
      "category_id": 1, "bbox": [1, 2, 3, 4], "segmentation": [[1, 2, 4, 2, 4, 6]]}]})"),
            Names{"polygons"});
  EXPECT_EQ(unread("a.xml", R"(<annotations><track id="0" label="car"><polygon frame="0" outside="0" points="1,2;3,4"/>
      <box frame="0" outside="0" xtl="1" ytl="2" xbr="3" ybr="4"><attribute name="color">red</attribute></box>
      </track></annotations>)"),
            (Names{"shapes of the kind polygon", "the attribute color"}));
  EXPECT_EQ(unread("a.json", R"([{"videoName": "v", "frameIndex": 0, "labels": [{"category": "lane"},
      {"category": "car", "box2d": {"x1": 1, "y1": 2, "x2": 3, "y2": 4}, "box3d": {}}]}])"),
            (Names{"box3d", "labels without a box, such as lanes"}));
  EXPECT_EQ(unread("a.json", R"([{"annotations": [{"result": [{"type": "videorectangle", "from_name": "box", "value":
      {"labels": ["car"], "sequence": [{"frame": 1, "enabled": true, "rotation": 30, "x": 1, "y": 2, "width": 3,
      "height": 4}]}}]}]}])",
                   {.size = {640, 480}}),
            Names{"rotations of boxes"});
}

TEST_F(Unread, AttributesOfCocoAreNamed) {
  const auto unread = [&](const std::string& attributes) {
    return read_text("a.json", R"({"images": [{"id": 1}], "categories": [], "annotations": [{"image_id": 1,
        "category_id": 1, "bbox": [1, 2, 3, 4], "attributes": )" +
                                   attributes + "}]}")
        .unread;
  };
  using Names = std::set<std::string>;
  EXPECT_EQ(unread(R"({"occluded": false, "color": "red", "make": null})"),
            (Names{"the attribute occluded", "the attribute color"}));
  EXPECT_EQ(unread("[3, 4]"), Names{"attributes"}) << "numbers of attributes";
  for (const std::string none : {"{}", "[]", "null"}) EXPECT_EQ(unread(none), Names()) << none;
}

/// A frame of BDD100K: weather and time of day are attributes of the frame.
TEST_F(Unread, AttributesOfScalabelAreNamedExceptThoseThatAreRead) {
  const auto found = read_text("b.json", R"([{"videoName": "v", "frameIndex": 0, "attributes": {"weather": "rainy"},
      "labels": [{"category": "car", "box2d": {"x1": 1, "y1": 2, "x2": 3, "y2": 4}, "attributes": {"occluded": true,
      "Truncated": true, "crowd": false, "ignored": false, "trafficLightColor": "G"}}]}])");
  EXPECT_EQ(found.unread, (std::set<std::string>{"the attribute trafficLightColor", "the attribute weather"}));
  EXPECT_EQ(found.objects.at(0).truncation, 1);
}

}  // namespace
}  // namespace onepass::formats
