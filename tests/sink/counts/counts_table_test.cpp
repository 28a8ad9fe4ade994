#include "sink/counts/counts_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/temporary_folder.hpp"

namespace onepass::sink {
namespace {

using test::read_file;
using test::TemporaryFolder;

StreamInfo street(bool live = false) {
  Zone door;
  door.name = "door";
  door.points = {{0.5, 0}, {0.5, 1}};
  Zone room;
  room.name = "waiting, room";
  room.shape = ZoneShape::polygon;
  room.points = {{0, 0}, {0.5, 0}, {0.5, 1}, {0, 1}};
  StreamInfo stream;
  stream.source.name = "street";
  stream.source.live = live;
  stream.counting.zones = {door, room};
  return stream;
}

const std::chrono::system_clock::time_point noon{std::chrono::milliseconds(1795262400000)};  // 2026-11-21T12:00:00Z

/// Ten frames per second; somebody walks from x = 900 to 110, out of the picture's right half in frame 40.
Frame frame_at(int index, bool live) {
  Frame frame;
  frame.index = index;
  frame.time = Timestamp(index / 10.0);
  frame.size = {1000, 500};
  if (live) frame.captured = noon + std::chrono::milliseconds(1500 + 100 * index);
  return frame;
}

std::vector<Track> walker_at(int index) {
  if (index >= 80) return {};
  Track track;
  track.id = 1;
  track.box = {static_cast<float>(880 - 10 * index), 200, 40, 100};
  track.score = 0.9F;
  return {track};
}

std::string table(double interval_s, bool live, int frames) {
  std::string rows;
  const auto sink = make_counts_sink(street(live), interval_s, {[&](const std::string& lines) { rows += lines; }});
  for (int i = 0; i < frames; ++i) sink->write(frame_at(i, live), walker_at(i));
  sink->close();
  return rows;
}

TEST(CountsTable, HasOneRowPerIntervalAndZone) {
  // Clear of the line in the second frame beyond its band, 43, which is in the interval from 4 to 8. The walker is last
  // seen in frame 79 (7.9 s) and ends in frame 110 (11 s).
  EXPECT_EQ(table(4, false, 120),
            "0,4,street,door,0,0,0,0,,,,,,,\n"
            "0,4,street,\"waiting, room\",,,,,0,0,0,0.000,0,,\n"
            "4,8,street,door,1,0,1,0,,,,,,,\n"
            "4,8,street,\"waiting, room\",,,,,1,0,1,0.925,1,,\n"
            "8,11.9,street,door,0,0,0,0,,,,,,,\n"
            "8,11.9,street,\"waiting, room\",,,,,0,1,0,0.769,1,3.800,3.800\n");
}

TEST(CountsTable, OfALiveStreamBeginsAtMultiplesOfUtc) {
  const auto rows = table(4, true, 30);
  EXPECT_THAT(rows, testing::StartsWith("2026-11-21T12:00:00.000Z,2026-11-21T12:00:04.000Z,street,door,"));
  EXPECT_THAT(rows, testing::HasSubstr("2026-11-21T12:00:04.000Z,2026-11-21T12:00:04.400Z,street,door,"));
}

TEST(CountsTable, AnOutageHasNoRows) {
  std::string rows;
  const auto sink = make_counts_sink(street(), 1, {[&](const std::string& lines) { rows += lines; }});
  sink->write(frame_at(0, false), {});
  sink->write(frame_at(50, false), {});
  sink->close();
  EXPECT_EQ(rows,
            "0,1,street,door,0,0,0,0,,,,,,,\n0,1,street,\"waiting, room\",,,,,0,0,0,0.000,0,,\n"
            "5,5,street,door,0,0,0,0,,,,,,,\n5,5,street,\"waiting, room\",,,,,0,0,0,0.000,0,,\n");
}

TEST(CountsTable, AChangeOfTheZonesEndsTheRows) {
  std::string rows;
  const auto stream = counted_once(street());
  const auto sink = make_counts_sink(stream, 10, {[&](const std::string& lines) { rows += lines; }});
  auto zones = stream.counting.zones;
  zones[1].name = "hall";
  for (int i = 0; i < 60; ++i) {
    if (i == 50) stream.counting.shared->board().post({zones[0], zones[1]});
    sink->write(frame_at(i, false), walker_at(i));
  }
  sink->close();
  // The room goes on counting under its new name: who had entered is still inside, and not counted again.
  EXPECT_EQ(rows,
            "0,5,street,door,1,0,1,0,,,,,,,\n"
            "0,5,street,\"waiting, room\",,,,,1,0,1,0.140,1,,\n"
            "5,5.9,street,door,0,0,0,0,,,,,,,\n"
            "5,5.9,street,hall,,,,,0,1,0,1.000,1,1.800,1.800\n");
}

TEST(CountsTable, AFileHasAHeader) {
  const TemporaryFolder folder;
  {
    const auto sink = make_counts_file_sink(folder / "counts.csv", Overwrite::refuse, street(), 4);
    for (int i = 0; i < 50; ++i) {
      sink->write(frame_at(i, false), walker_at(i));
      const auto current = read_file(folder / "counts.csv.current");
      if (i == 0) {
        EXPECT_EQ(current.substr(0, current.find('\n')), "0,0,street,door,0,0,0,0,,,,,,,");
      }
      if (i == 40) {
        EXPECT_THAT(current, testing::StartsWith("4,4,street,door,")) << "replaced with the interval";
      }
    }
    sink->close();
    EXPECT_FALSE(std::filesystem::exists(folder / "counts.csv.current"));
  }
  const auto device = make_counts_file_sink("/dev/null", Overwrite::refuse, street(), 4);
  device->write(frame_at(0, false), {});
  EXPECT_FALSE(std::filesystem::exists("/dev/null.current"));
  const auto text = read_file(folder / "counts.csv");
  EXPECT_THAT(text, testing::StartsWith(counts_header() + "0,4,street,door,0,0,"));
  EXPECT_EQ(std::ranges::count(text, '\n'), 5);
}

}  // namespace
}  // namespace onepass::sink
