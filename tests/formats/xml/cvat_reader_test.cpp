#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/readers.hpp"

namespace onepass::formats {
namespace {

using Cvat = test::Readers;
using testing::HasSubstr;

constexpr const char* one_track = R"(<?xml version="1.0" encoding="utf-8"?>
<annotations>
  <version>1.1</version>
  <meta><task><name>t</name><size>9</size><original_size><width>64</width><height>48</height></original_size></task></meta>
  <track id="4" label="person">
    <box frame="0" keyframe="1" outside="0" occluded="1" xtl="10" ytl="10" xbr="20" ybr="30" z_order="0"></box>
    <box frame="2" keyframe="1" outside="0" occluded="0" xtl="14" ytl="10" xbr="24" ybr="30" z_order="0"></box>
    <box frame="4" keyframe="1" outside="1" occluded="0" xtl="14" ytl="10" xbr="24" ybr="30" z_order="0"></box>
    <box frame="6" keyframe="1" outside="0" occluded="0" xtl="1" ytl="2" xbr="3" ybr="4.5" z_order="0"></box>
  </track>
</annotations>)";

TEST_F(Cvat, TracksEndOutside) {
  const auto found = read_text("a.xml", one_track);
  std::vector<std::int64_t> frames;
  for (const auto& object : found.objects) frames.push_back(object.frame);
  EXPECT_THAT(frames, testing::ElementsAre(1, 2, 3, 4, 7));
  EXPECT_DOUBLE_EQ(found.objects[1].left, 12);
  EXPECT_EQ(found.objects[0].id, 4);
  EXPECT_EQ(found.objects[0].occlusion, 1);
  EXPECT_EQ(found.size, cv::Size(64, 48));
  EXPECT_EQ(found.frame_count, 9);
}

TEST_F(Cvat, XmlThatIsWrongNamesTheLine) {
  EXPECT_THAT(
      refusal("a.xml", "<annotations>\n<track id='1' label='a'>\n<box frame='0' xtl='1'/></track></annotations>"),
      HasSubstr("a.xml:3: <box>: has no attribute 'ytl'"));
  EXPECT_THAT(refusal("a.xml", "<annotations>\n<track id='1'></track></annotations>"),
              HasSubstr("a.xml:2: <track>: has no attribute 'label'"));
  EXPECT_THAT(refusal("a.xml", "<annotations>\n<track></annotations>"), HasSubstr("a.xml:2: is not valid XML"));
  EXPECT_THAT(refusal("a.xml",
                      "<annotations><track id='1' label='a'>"
                      "<box frame='0' xtl='1' ytl='1' xbr='2' ybr='2'/>"
                      "<box frame='9000000' xtl='1' ytl='1' xbr='2' ybr='2'/></track></annotations>"),
              HasSubstr("more than 5 million boxes"));
}

constexpr const char* box = "<box frame='0' outside='0' xtl='1' ytl='2' xbr='3' ybr='4'";

TEST_F(Cvat, TextBetweenShapesIsNoShape) {
  const auto found = read_text("a.xml", std::string("<annotations><track id='0' label='car'>note") + box +
                                            "/></track><image id='3'>note <!-- and comment --><box label='car' xtl='1'"
                                            " ytl='2' xbr='3' ybr='4'>note</box></image></annotations>");
  EXPECT_EQ(found.objects.size(), 2U);
  EXPECT_EQ(found.unread, std::set<std::string>());
}

TEST_F(Cvat, ARotationThatNoFloatHoldsNamesTheLine) {
  const auto rotated = [&](const std::string& degrees) {
    return std::string("<annotations><track id='0' label='car'>\n") + box + " rotation='" + degrees +
           "'/></track></annotations>";
  };
  EXPECT_THAT(refusal("a.xml", rotated("-1e300")), HasSubstr("a.xml:2: <box>: a rotation of -1e+300 degrees"));
  EXPECT_NEAR(read_text("b.xml", rotated("90")).objects.at(0).shape.rotated.value().angle, 1.5707963, 1e-6);
}

}  // namespace
}  // namespace onepass::formats
