#include "onepass/counting.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "onepass/identity_events.hpp"
#include "support/temporary_folder.hpp"

namespace onepass {
namespace {

using test::read_file;
using test::TemporaryFolder;
using testing::ElementsAre;
using testing::IsEmpty;

Zone door() {
  Zone zone;
  zone.name = "door";
  zone.points = {{0.5, 0}, {0.5, 1}};
  return zone;
}

Counting counting_of(std::vector<Zone> zones) {
  Counting counting;
  counting.zones = std::move(zones);
  const std::vector<GroundPoint> corners = {
      {{0, 500}, {0, 0}}, {{1000, 500}, {10, 0}}, {{1000, 100}, {10, 20}}, {{0, 100}, {0, 20}}};
  counting.ground.emplace(corners, true);
  return counting;
}

Frame frame_at(int index) {
  Frame frame;
  frame.index = index;
  frame.time = Timestamp(index / 10.0);
  frame.size = {1000, 500};
  return frame;
}

/// Several people who walk through the picture, each in its own direction and at its own pace.
std::vector<Track> people_at(int index) {
  std::vector<Track> tracks;
  for (int id = 1; id <= 6; ++id) {
    const int step = (index * (3 + id) + 140 * id) % 900;
    Track track;
    track.id = id;
    track.box = {static_cast<float>(id % 2 == 0 ? step : 900 - step), 80.0F + 40.0F * static_cast<float>(id), 40, 100};
    track.score = 0.9F;
    tracks.push_back(track);
  }
  return tracks;
}

TEST(StreamCounter, CountsAFrameOnceForAllWhoAsk) {
  StreamCounter counter(counting_of({door()}), {});
  ZoneCounter alone({door()}, {}, 3);
  std::size_t events = 0;
  for (int i = 0; i < 200; ++i) {
    const auto expected = alone.update(frame_at(i), people_at(i));
    for (int sink = 0; sink < 3; ++sink) {
      const auto& given = counter.update(frame_at(i), people_at(i));
      ASSERT_EQ(given.size(), expected.size());
      events += sink == 0 ? given.size() : 0;
    }
    EXPECT_EQ(counter.counts(), alone.counts());
  }
  EXPECT_GT(events, 5U);
  const auto at_end = alone.finish().size();
  EXPECT_EQ(counter.finish().size(), at_end);
  EXPECT_EQ(counter.finish().size(), at_end);
  EXPECT_EQ(counter.counts(), alone.counts());
}

TEST(StreamCounter, MeasuresAFrameOnce) {
  StreamCounter counter(counting_of({}), {});
  GroundTracker alone(*counting_of({}).ground, 3);
  for (int i = 0; i < 50; ++i) {
    const auto expected = alone.update(frame_at(i), people_at(i));
    counter.motions(frame_at(i), people_at(i));
    const auto& given = counter.motions(frame_at(i), people_at(i));
    ASSERT_EQ(given.size(), 6U);
    for (const auto& [id, motion] : given) EXPECT_EQ(motion.distance, expected.at(id).distance);
  }
}

TEST(StreamCounter, AnotherCountsLaterFramesOnItsOwn) {
  StreamCounter counter(counting_of({door()}), {});
  const auto late = counter.another();
  for (int i = 0; i < 150; ++i) counter.update(frame_at(i), people_at(i));
  for (int i = 0; i < 150; ++i) late->update(frame_at(i), people_at(i));
  EXPECT_GT(counter.counts().front().passages[0], 0);
  EXPECT_EQ(counter.counts(), late->counts());
}

TEST(StreamCounter, TakesOverPostedZonesWithTheNextFrame) {
  StreamCounter counter(counting_of({door()}), {"person"});
  const auto late = counter.another();
  const auto former = counter.zones();
  auto gate = door();
  gate.name = "gate";
  gate.points = {{0.2, 0}, {0.2, 1}};
  counter.board().post({gate});
  EXPECT_EQ(counter.zones()->front().name, "door");
  counter.update(frame_at(0), {});
  EXPECT_EQ(counter.zones()->front().name, "gate");
  EXPECT_EQ(former->front().name, "door");  // whoever draws the former frame keeps its zones
  late->update(frame_at(0), {});
  EXPECT_EQ(*late->zones(), std::vector{gate});
  counter.board().post({});
  counter.update(frame_at(1), {});
  EXPECT_THAT(*counter.zones(), IsEmpty());
  EXPECT_THAT(counter.counts(), IsEmpty());
}

/// What the sinks of one stream write.
std::vector<std::string> outputs(const StreamInfo& stream) {
  const TemporaryFolder folder;
  std::string rows;
  Sinks sinks;
  sinks.push_back(make_event_file_sink(folder / "events", Overwrite::refuse, stream, {}));
  sinks.push_back(make_counts_sink(stream, 2, {[&](const std::string& lines) { rows += lines; }}));
  sinks.push_back(make_jsonl_sink(folder / "jsonl", Overwrite::refuse, stream));
  sinks.push_back(make_counts_file_sink(folder / "counts", Overwrite::refuse, stream, 5));
  for (int i = 0; i < 200; ++i) {
    for (auto& sink : sinks) sink->write(frame_at(i), people_at(i));
  }
  for (auto& sink : sinks) sink->idle(frame_at(300));
  close_all(sinks);
  return {read_file(folder / "events"), rows, read_file(folder / "jsonl"), read_file(folder / "counts")};
}

TEST(StreamCounter, SinksThatShareItWriteTheSameBytes) {
  StreamInfo stream;
  stream.source.name = "street";
  stream.class_names = {"person"};
  auto area = door();
  area.name = "area";
  area.shape = ZoneShape::polygon;
  area.points = {{0.1, 0.2}, {0.7, 0.2}, {0.7, 1}, {0.1, 1}};
  stream.counting = counting_of({door(), area});
  const auto alone = outputs(stream);
  EXPECT_EQ(outputs(counted_once(stream)), alone);
  for (const auto& text : alone) EXPECT_GT(text.size(), 500U);
}

}  // namespace
}  // namespace onepass
