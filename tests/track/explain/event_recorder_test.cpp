// The events made of the changes of a frame.
#include "track/explain/event_recorder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace onepass::track {
namespace {

using testing::ElementsAre;

struct Recorded {
  Recorded() {
    scene.tracks.resize(4);
    for (std::size_t i = 0; i < 4; ++i) scene.tracks[i].serial = static_cast<std::int64_t>(i) + 1;
    scene.observations.resize(4);
    scene.now_s = 3;
  }

  std::vector<std::string> report() {
    events.clear();
    recorder.report(changes, scene, 90);
    changes.clear();
    std::vector<std::string> kinds;
    for (const auto& event : events) kinds.push_back(kind_of(event));
    return kinds;
  }

  static std::string kind_of(const TrackEvent& event) {
    const auto id = std::to_string(event.id);
    switch (event.kind) {
      case TrackEventKind::birth:
        return "birth " + id;
      case TrackEventKind::recovery:
        return "recovery " + id;
      case TrackEventKind::comeback:
        return "comeback " + id;
      case TrackEventKind::death:
        return "death " + id + " " + event.reason;
    }
    return "";
  }

  std::vector<TrackEvent> events;
  EventRecorder recorder{[this](const TrackEvent& event) { events.push_back(event); }};
  Scene scene;
  FrameChanges changes;
};

TEST(EventRecorder, ReportsABirthOnceTheTrackHasAnId) {
  Recorded recorded;
  recorded.scene.observations[2].box = {1, 2, 11, 22};
  recorded.changes.started = {{0, 2, 0, {}}, {1, 3, 0, {}}};
  EXPECT_THAT(recorded.report(), ElementsAre());
  recorded.scene.now_s = 4;
  recorded.changes.matched = {{0, 1, 7, 0.1, {}}};
  EXPECT_THAT(recorded.report(), ElementsAre("birth 7"));
  EXPECT_EQ(recorded.events[0].time_s, 3) << "of the first detection";
  EXPECT_EQ(recorded.events[0].box, (Box{1, 2, 10, 20}));
  recorded.changes.matched = {{0, 1, 7, 0.1, {}}};
  EXPECT_THAT(recorded.report(), ElementsAre()) << "only once";
  recorded.changes.ended = {{1, EndReason::age}};
  EXPECT_THAT(recorded.report(), ElementsAre()) << "it was never shown";
}

TEST(EventRecorder, ReportsTheChangesOfAFrameInTheirOrder) {
  Recorded recorded;
  auto& changes = recorded.changes;
  for (int i : {0, 1}) changes.started.push_back({i, i, 0, {}});
  recorded.report();
  auto& tracks = recorded.scene.tracks;
  for (int i : {0, 1, 2, 3}) tracks[static_cast<std::size_t>(i)].id = 10 + i;
  tracks[2].hits = 6;
  Comparison match;
  match.id = 12;
  changes.identified = {{0, {}, 0}, {1, Recollection{}, 8.5}};
  changes.matched = {{2, 2, 12, 0.5, match}};
  changes.ended = {{3, EndReason::duplicate}, {0, EndReason::age}, {1, EndReason::stream_break}};
  EXPECT_THAT(recorded.report(), ElementsAre("recovery 12", "birth 10", "comeback 11", "death 13 duplicate",
                                             "death 10 age", "death 11 break"));
  EXPECT_EQ(recorded.events[0].lost_s, 0.5);
  EXPECT_EQ(recorded.events[0].hits, 5) << "without this detection";
  EXPECT_EQ(recorded.events[2].lost_s, 8.5);
}

}  // namespace
}  // namespace onepass::track
