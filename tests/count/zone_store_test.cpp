#include "onepass/zone_store.hpp"

#include <sys/stat.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

namespace onepass {
namespace {

namespace fs = std::filesystem;

using test::message_of;
using test::read_file;
using test::TemporaryFolder;
using testing::HasSubstr;
using Missing = ZoneStore::Missing;

const std::string original = "# the door of the shop\nzones:\n  - {name: door, line: [[0.1, 0.5], [0.9, 0.5]]}\n";

Zone zone_of(const std::string& name, ZoneShape shape, std::vector<cv::Point2d> points) {
  Zone zone;
  zone.name = name;
  zone.shape = shape;
  zone.points = std::move(points);
  return zone;
}

TEST(ZonesText, IsReadToTheSameZones) {
  auto door = zone_of("door: \"the\" #1\n", ZoneShape::line, {{0.1, 1.0 / 3}, {0.9, 0.5}});
  door.classes = {"person", "2", "true"};
  door.directions = {"arrive", "leave"};
  auto yard = zone_of("~", ZoneShape::polygon, {{100, 100.5}, {400, 100}, {400, 300}});
  yard.in_pixels = true;
  yard.cameras = {"gate", "back, left"};
  yard.alone_s = 30;
  yard.band = 0.25;
  const std::vector zones = {door, yard};
  EXPECT_EQ(parse_zones(zones_text(zones), ""), zones);
  EXPECT_EQ(parse_zones(zones_text({}), ""), std::vector<Zone>());
}

TEST(ZoneStore, ReplacesTheFileAndKeepsWhatItDidNotWrite) {
  const TemporaryFolder folder;
  const std::string path = folder.write("zones.yaml", original);
  ::chmod(path.c_str(), 0640);
  ZoneStore store(path, Missing::error);
  auto stored = store.read();
  stored.zones.front().name = "gate";
  stored = store.write(stored.zones, stored.revision);
  EXPECT_EQ(read_zones(path).front().name, "gate");
  EXPECT_EQ(read_file(path + ".bak"), original);
  stored.zones.push_back(zone_of("yard", ZoneShape::polygon, {{0, 0}, {1, 0}, {1, 1}}));
  store.write(stored.zones, stored.revision);
  EXPECT_EQ(read_zones(path).size(), 2U);
  EXPECT_EQ(read_file(path + ".bak"), original);  // not the version that the first write() has made
  EXPECT_EQ(store.read().zones.size(), 2U);
  struct stat status {};
  ::stat(path.c_str(), &status);
  EXPECT_EQ(status.st_mode & 0777, 0640U);
}

TEST(ZoneStore, KeepsASymbolicLink) {
  const TemporaryFolder folder;
  const std::string path = folder.write("real.yaml", original);
  fs::create_symlink(path, folder / "link.yaml");
  ZoneStore store(folder / "link.yaml", Missing::error);
  store.write({}, store.read().revision);
  EXPECT_TRUE(fs::is_symlink(folder / "link.yaml"));
  EXPECT_TRUE(read_zones(path).empty());
}

TEST(ZoneStore, RefusesToReplaceAnotherVersion) {
  const TemporaryFolder folder;
  const std::string path = folder.write("zones.yaml", original);
  ZoneStore store(path, Missing::error);
  const auto stored = store.read();
  folder.write("zones.yaml", original + "# changed\n");
  EXPECT_THROW(store.write(stored.zones, stored.revision), ZonesChanged);
  EXPECT_EQ(read_file(path), original + "# changed\n");
  EXPECT_FALSE(fs::exists(path + ".bak"));
}

TEST(ZoneStore, RefusesWhatAFileMayNotContain) {
  const TemporaryFolder folder;
  const std::string path = folder.write("zones.yaml", original);
  ZoneStore store(path, Missing::error);
  const auto revision = store.read().revision;
  const auto refused = [&](std::vector<Zone> zones) {
    EXPECT_THROW(store.write(zones, revision), std::invalid_argument);
    return message_of([&] { store.write(zones, revision); });
  };
  const auto bow = zone_of("bow", ZoneShape::polygon, {{0, 0}, {1, 1}, {1, 0}, {0, 1}});
  EXPECT_EQ(refused({bow}), "zone 'bow': crosses itself; give its corners in order");
  EXPECT_EQ(refused({zone_of("out", ZoneShape::line, {{0.5, 0.5}, {1.5, 0.5}})}),
            "zone 'out': lies outside the picture: shares of the picture go from 0 to 1");
  EXPECT_EQ(refused({zone_of("dot", ZoneShape::line, {{0.5, 0.5}})}), "zone 'dot': has 1 points, needs at least 2");
  EXPECT_EQ(refused({zone_of("", ZoneShape::line, {{0, 0}, {1, 1}})}), "this zone has no name");
  const auto door = zone_of("door", ZoneShape::line, {{0, 0}, {1, 1}});
  EXPECT_EQ(refused({door, door}), "zone 'door': this name is used twice");
  EXPECT_EQ(read_file(path), original);
}

TEST(ZoneStore, NamesAFileThatCannotBeWritten) {
  const TemporaryFolder folder;
  fs::create_directory(folder / "sub");
  const std::string path = folder.write("sub/zones.yaml", original);
  ZoneStore store(path, Missing::empty);
  const auto stored = store.read();
  fs::create_directory(path + ".part");  // even root cannot open a folder as a file
  EXPECT_THAT(message_of([&] { store.write(stored.zones, stored.revision); }), HasSubstr(path + ": cannot be written"));
  EXPECT_EQ(read_file(path), original);
}

TEST(ZoneStore, AMissingFileCanBeCreated) {
  const TemporaryFolder folder;
  const std::string path = folder / "zones.yaml";
  EXPECT_EQ(message_of([&] { ZoneStore(path, Missing::error).read(); }), path + ": no such file");
  ZoneStore store(path, Missing::empty);
  const auto stored = store.read();
  EXPECT_TRUE(stored.zones.empty());
  store.write({zone_of("door", ZoneShape::line, {{0, 0}, {1, 1}})}, stored.revision);
  EXPECT_EQ(read_zones(path).front().name, "door");
  EXPECT_FALSE(fs::exists(path + ".bak"));
}

}  // namespace
}  // namespace onepass
