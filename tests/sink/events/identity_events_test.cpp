#include "onepass/identity_events.hpp"

#include <cmath>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/person.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::sink {
namespace {

using nlohmann::json;
using test::person;
using test::read_file;
using test::TemporaryFolder;
using testing::ElementsAre;

const std::chrono::system_clock::time_point noon{std::chrono::milliseconds(1795262700123)};

Frame frame_at(double time_s) {
  Frame frame;
  frame.index = std::llround(time_s * 10);
  frame.time = Timestamp(time_s);
  return frame;
}

Frame live_frame_at(double time_s) {
  auto frame = frame_at(time_s);
  frame.captured = noon + std::chrono::milliseconds(std::llround(time_s * 1000));
  return frame;
}

StreamInfo street() {
  StreamInfo stream;
  stream.source.name = "street";
  stream.class_names = {"person"};
  return stream;
}

/// Events such as "new 3 @0.5" of a run at ten frames per second; `shown` gives the ids of a frame.
std::vector<std::string> diary(int frames, const EventOptions& options,
                               const std::function<std::vector<Track>(double time_s)>& shown) {
  std::vector<std::string> entries;
  const auto sink = make_event_sink(street(), options, {[&](const IdentityEvent& event) {
                                      std::ostringstream entry;
                                      entry << to_string(event.kind) << " " << event.id << " @" << event.time.count();
                                      entries.push_back(entry.str());
                                    }});
  for (int i = 0; i < frames; ++i) sink->write(frame_at(i / 10.0), shown(i / 10.0));
  sink->close();
  return entries;
}

TEST(Events, TellOfAStartUpdatesAndAnEnd) {
  const auto entries = diary(60, {.update_interval_s = 1, .end_after_s = 2}, [](double time_s) {
    return time_s >= 0.5 && time_s <= 2.0 ? std::vector{person(1)} : std::vector<Track>{};
  });
  EXPECT_THAT(entries, ElementsAre("new 1 @0.5", "update 1 @1.5", "end 1 @4.1"));
}

TEST(Events, AGapShorterThanTheLimitIsNoEnd) {
  const auto shown = [](double time_s) {
    return time_s <= 1 || time_s >= 2.9 ? std::vector{person(7)} : std::vector<Track>{};
  };
  EXPECT_THAT(diary(40, {.update_interval_s = 100, .end_after_s = 2}, shown), ElementsAre("new 7 @0", "end 7 @3.9"));
  EXPECT_THAT(diary(40, {.update_interval_s = 100, .end_after_s = 1.5}, shown),
              ElementsAre("new 7 @0", "end 7 @2.6", "new 7 @2.9", "end 7 @3.9"));
}

TEST(Events, IdentitiesPresentAfterAnOutageHaveNotEnded) {
  std::vector<std::string> kinds;
  const auto sink =
      make_event_sink(street(), {.update_interval_s = 100, .end_after_s = 2}, {[&](const auto& event) {
                        kinds.push_back(std::string(to_string(event.kind)) + " " + std::to_string(event.id));
                      }});
  sink->write(frame_at(0), std::vector{person(1), person(2)});
  sink->write(frame_at(60), std::vector{person(2)});
  EXPECT_THAT(kinds, ElementsAre("new 1", "new 2", "end 1"));
}

TEST(Events, PredictedBoxesAreNotSeen) {
  auto predicted = person(1);
  predicted.origin = BoxOrigin::predicted;
  const auto entries = diary(40, {.update_interval_s = 100, .end_after_s = 1},
                             [&](double time_s) { return std::vector{time_s == 0 ? person(1) : predicted}; });
  EXPECT_THAT(entries, ElementsAre("new 1 @0", "end 1 @1.1"));
}

TEST(Events, AreInOrderAndHaveTheTimeOfTheFrame) {
  std::vector<IdentityEvent> events;
  int closed = 0;
  const auto sink =
      make_event_sink(street(), {.update_interval_s = 1, .end_after_s = 1},
                      {.identity = [&](const auto& event) { events.push_back(event); }, .closed = [&] { ++closed; }});
  sink->write(live_frame_at(1), std::vector{person(1), person(4, {1, 2, 3, 4}, 0.5F)});
  sink->write(live_frame_at(1.5), std::vector{person(4, {2, 3, 4, 5}, 0.6F)});
  sink->write(live_frame_at(3), {});
  sink->close();
  sink->close();
  EXPECT_EQ(closed, 1);
  ASSERT_EQ(events.size(), 4U);
  EXPECT_EQ(events[2].id, 1);
  const auto& end = events[3];
  EXPECT_EQ(end.kind, IdentityEventKind::ended);
  EXPECT_EQ(end.id, 4);
  EXPECT_EQ(end.first_time.count(), 1);
  EXPECT_EQ(end.last_time.count(), 1.5);
  EXPECT_EQ(end.time.count(), 3);
  EXPECT_EQ(end.box, (Box{2, 3, 4, 5}));
  EXPECT_EQ(json::parse(to_json(end)),
            json::parse(R"({"event": "end", "source": "street", "id": 4, "class": 0, "class_name": "person",
              "box": [2.0, 3.0, 4.0, 5.0], "score": 0.6, "time": 3.0, "first_time": 1.0, "last_time": 1.5,
              "duration": 0.5, "wall": "2026-11-21T12:05:03.123Z", "first_wall": "2026-11-21T12:05:01.123Z",
              "last_wall": "2026-11-21T12:05:01.623Z"})"));
}

TEST(Events, OfAFileHaveNoWallClock) {
  const TemporaryFolder folder;
  const auto sink = make_event_file_sink(folder / "events.jsonl", Overwrite::refuse, street(), {});
  sink->write(frame_at(0.5), std::vector{person(2)});
  EXPECT_EQ(read_file(folder / "events.jsonl.part"),  // at once
            R"({"event":"new","source":"street","id":2,"class":0,"class_name":"person","box":[10.0,20.0,30.0,60.0],)"
            R"("score":0.9,"time":0.5,"first_time":0.5,"last_time":0.5,"duration":0.0})"
            "\n");
  sink->close();
  EXPECT_THAT(read_file(folder / "events.jsonl"), testing::HasSubstr(R"("event":"end")"));
}

TEST(Events, AnUnusedSinkLeavesNoFile) {
  const TemporaryFolder folder;
  make_event_file_sink(folder / "events.jsonl", Overwrite::refuse, street(), {}).reset();
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(Events, OfZonesFollowThoseOfIdentities) {
  Zone door;
  door.name = "door";
  door.points = {{0.5, 0}, {0.5, 1}};
  auto stream = street();
  stream.counting.zones = {door};
  std::vector<std::string> kinds;
  std::string crossing;
  const auto sink = make_event_sink(stream, {.update_interval_s = 100, .end_after_s = 1},
                                    {.identity = [&](const auto& event) { kinds.emplace_back(to_string(event.kind)); },
                                     .zone =
                                         [&](const auto& event) {
                                           kinds.emplace_back(to_string(event.kind));
                                           crossing = to_json(event);
                                         }});
  for (int i = 0; i < 20; ++i) {
    auto frame = live_frame_at(i / 10.0);
    frame.size = {1000, 500};
    sink->write(frame, std::vector{person(1, {380.0F + 10 * static_cast<float>(i), 100, 40, 100})});
  }
  sink->close();
  EXPECT_THAT(kinds, ElementsAre("new", "cross", "end"));
  EXPECT_EQ(json::parse(crossing),
            json::parse(R"({"event": "cross", "source": "street", "zone": "door", "direction": "out", "again": false,
              "seen": true, "id": 1, "class": 0, "class_name": "person", "box": [510.0, 100.0, 40.0, 100.0],
              "time": 1.3, "wall": "2026-11-21T12:05:01.423Z"})"));
}

/// A black frame with a box of this gray value.
Frame frame_with(double time_s, const Box& box, int gray) {
  auto frame = frame_at(time_s);
  frame.image = cv::Mat::zeros(480, 640, CV_8UC3);
  frame.image(cv::Rect(static_cast<int>(box.left), static_cast<int>(box.top), static_cast<int>(box.width),
                       static_cast<int>(box.height))) = cv::Scalar::all(gray);
  return frame;
}

TEST(BestShot, IsTheLargestConfidentView) {
  std::vector<IdentityEvent> events;
  const auto sink = make_event_sink(street(), {.update_interval_s = 0, .end_after_s = 1, .best_shots = true},
                                    {[&](const auto& event) { events.push_back(event); }});
  const Box small{100, 100, 40, 80};
  const Box large{200, 100, 100, 200};
  sink->write(frame_with(0, small, 50), std::vector{person(1, small)});
  sink->write(frame_with(0.1, large, 200), std::vector{person(1, large)});
  sink->write(frame_with(0.2, small, 90), std::vector{person(1, small)});
  sink->close();
  ASSERT_EQ(events.size(), 4U);
  EXPECT_TRUE(events[0].best_shot_is_new);
  EXPECT_TRUE(events[1].best_shot_is_new);
  EXPECT_FALSE(events[2].best_shot_is_new);
  EXPECT_EQ(events[0].best_shot.at<cv::Vec3b>(events[0].best_shot.rows / 2, events[0].best_shot.cols / 2)[0], 50);
  const auto& shot = events[3].best_shot;
  EXPECT_EQ(shot.rows, best_shot_size);
  EXPECT_EQ(shot.at<cv::Vec3b>(shot.rows / 2, shot.cols / 2)[0], 200);
  const auto line = json::parse(to_json(events[3])).at("best_shot").get<std::string>();
  EXPECT_THAT(line, testing::StartsWith("data:image/jpeg;base64,/9j/"));  // the start of every JPEG
  EXPECT_FALSE(json::parse(to_json(events[2])).contains("best_shot"));
}

}  // namespace
}  // namespace onepass::sink
