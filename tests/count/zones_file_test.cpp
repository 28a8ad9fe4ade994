#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "onepass/ground.hpp"
#include "onepass/zones.hpp"
#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

namespace onepass {
namespace {

using test::message_of;
using test::TemporaryFolder;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(ZonesFile, IsRead) {
  const TemporaryFolder folder;
  const auto zones = read_zones(folder.write("zones.yaml", R"(zones:
  - name: door
    line: [[0.1, 0.5], [0.9, 0.5]]
    classes: [person, 2]
    directions: [arrive, leave]
  - name: queue
    polygon: [[100, 100], [400, 100], [400, 300]]
    cameras: gate
    alone: 30
    band: 0.2
)"));
  ASSERT_EQ(zones.size(), 2U);
  EXPECT_EQ(zones[0].shape, ZoneShape::line);
  EXPECT_FALSE(zones[0].in_pixels);
  EXPECT_THAT(zones[0].classes, ElementsAre("person", "2"));
  EXPECT_THAT(zones[0].directions, ElementsAre("arrive", "leave"));
  EXPECT_EQ(zones[1].shape, ZoneShape::polygon);
  EXPECT_TRUE(zones[1].in_pixels);
  EXPECT_EQ(zones[1].points[1], cv::Point2d(400, 100));
  EXPECT_EQ(zones[1].alone_s, 30);
  EXPECT_EQ(zones[1].band, 0.2);
  EXPECT_EQ(zones_of("gate", zones).size(), 2U);
  EXPECT_EQ(zones_of("yard", zones).size(), 1U);
}

/// Message about a file of one zone; without the path of the folder.
std::string refused(const std::string& lines) {
  const TemporaryFolder folder;
  const std::string path = folder.write("zones.yaml", "zones:\n" + lines);
  auto message = message_of([&] { read_zones(path); });
  const auto at = message.find(path);
  return at == std::string::npos ? message : message.replace(at, path.size(), "zones.yaml");
}

TEST(ZonesFile, MistakesAreOneLineWithTheirPlace) {
  const std::string door = "- name: door\n  line: ";
  const std::string room = "- name: room\n  polygon: ";
  EXPECT_EQ(refused("- nmae: door\n"), "zones.yaml:2: zones: unknown key 'nmae' (did you mean 'name'?)");
  EXPECT_EQ(refused("- line: [[0, 0], [1, 1]]\n"), "zones.yaml:2: this zone has no name");
  EXPECT_EQ(refused("- name: door\n"),
            "zones.yaml:2: zone 'door': needs either a 'line' or a 'polygon': a list of points [x, y]");
  EXPECT_EQ(refused(door + "[[0, 0]]"), "zones.yaml:2: zone 'door': has 1 points, needs at least 2");
  EXPECT_EQ(refused(door + "[[0, 0], [1]]"), "zones.yaml:3: zones.line: a list is not a point [x, y]");
  EXPECT_EQ(refused(door + "[[0, 0], [1, .nan]]"), "zones.yaml:3: zones.line: '.nan' is not a coordinate");
  EXPECT_EQ(refused(door + "[[0, 0], [0, 0]]"), "zones.yaml:2: zone 'door': points 1 and 2 are the same");
  EXPECT_EQ(refused(door + "[[0.5, 0.2], [0.5, 1.2]]"),
            "zones.yaml:2: zone 'door': lies outside the picture: shares of the picture go from 0 to 1");
  EXPECT_EQ(refused(door + "[[0.5, 0.1], [320, 300]]"),
            "zones.yaml:2: zone 'door': mixes shares of the picture (0.5, 0.1) and pixels; give either for all points");
  EXPECT_EQ(refused(door + "[[0, 1], [320, 0.5]]"), "") << "pixels at an edge, and between two pixels";
  EXPECT_EQ(refused(door + "[[-5, 20], [500, 20]]"),
            "zones.yaml:2: zone 'door': lies outside the picture: a coordinate is negative");
  EXPECT_EQ(refused(room + "[[0, 0], [1, 1], [1, 0], [0, 1]]"),
            "zones.yaml:2: zone 'room': crosses itself; give its corners in order");
  EXPECT_EQ(refused(door + "[[0, 0], [1, 1]]\n  alone: 3"), "zones.yaml:2: zone 'door': 'alone' belongs to polygons");
  EXPECT_EQ(refused(door + "[[0, 0], [1, 1]]\n  directions: [in]"),
            "zones.yaml:2: zone 'door': 'directions' has 1 names, needs two");
  EXPECT_EQ(refused(door + "[[0, 0], [1, 1]]\n" + door + "[[0, 1], [1, 0]]"),
            "zones.yaml:4: zone 'door': this name is used twice");
  EXPECT_THAT(refused("  door: 1\n"), HasSubstr("expected 'zones:' and a list of zones"));
}

TEST(ZonesFile, CamerasAreChecked) {
  Zone zone;
  zone.name = "door";
  zone.place = "zones.yaml:7";
  zone.cameras = {"gaet"};
  const std::vector<std::string> cameras = {"gate", "yard"};
  EXPECT_EQ(message_of([&] { check_cameras(std::vector{zone}, cameras); }),
            "zones.yaml:7: zone 'door': there is no camera 'gaet' (did you mean 'gate'?)");
}

TEST(GroundFile, IsReadByCamera) {
  const TemporaryFolder folder;
  const auto path = folder.write("ground.yaml", R"(ground:
  - {image: [100, 100], meters: [0, 0]}
  - {image: [200, 100], meters: [10, 0]}
  - {image: [200, 200], meters: [10, 10]}
  - {image: [100, 200], meters: [0, 10]}
  - {image: [0, 0], meters: [5, 5], cameras: [yard]}
)");
  const auto ground = read_ground(path, "gate");
  ASSERT_TRUE(ground);
  EXPECT_NEAR(cv::norm(*ground->to_meters({150, 120}, {640, 360}) - cv::Point2d(5, 2)), 0, 1e-9);
  const auto other = folder.write("yard.yaml", R"(ground:
  - {image: [0, 0], meters: [5, 5], cameras: [yard]}
)");
  EXPECT_FALSE(read_ground(other, "gate"));
  const std::vector<std::string> cameras = {"gate", "yard"};
  EXPECT_NO_THROW(check_ground_cameras(path, cameras));
  EXPECT_EQ(message_of([&] {
              check_ground_cameras(other, std::vector<std::string>{"gate", "yrad"});
            }),
            other.string() + ":2: there is no camera 'yard' (did you mean 'yrad'?)");
  EXPECT_EQ(message_of([&] { read_ground(other, "yard"); }),
            other.string() + ":2: the ground has 1 points, needs at least 4");
  const auto wrong = folder.write("wrong.yaml", "ground:\n  - {image: [0, 0], meter: [5, 5]}\n");
  EXPECT_EQ(message_of([&] { read_ground(wrong, "gate"); }),
            wrong.string() + ":2: ground: unknown key 'meter' (did you mean 'meters'?)");
  const auto empty = folder.write("empty.yaml", "{}\n");
  EXPECT_THAT(message_of([&] { read_ground(empty, "gate"); }), HasSubstr("expected 'ground:' and a list of points"));
  EXPECT_THAT(message_of([&] { read_zones(empty); }), HasSubstr("expected 'zones:' and a list of zones"));
}

}  // namespace
}  // namespace onepass
