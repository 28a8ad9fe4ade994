#include "onepass/explain.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "onepass/tracker.hpp"
#include "support/scene.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::track {
namespace {

using test::detection;
using test::frame;
using test::same_rows;
using test::TemporaryFolder;
using testing::HasSubstr;

using Detections = std::vector<Detection>;

/// A tracker that records its events, and its frames.
struct Scene {
  explicit Scene(const TrackerConfig& config = {}) : tracker(config, 30) {
    tracker.on_event([this](const TrackEvent& event) { events.push_back(event); });
  }

  std::vector<Track> show(const Detections& detections) { return tracker.update(detections, frame(index++)); }

  Tracker tracker;
  std::vector<TrackEvent> events;
  int index = 0;
};

TEST(Explain, ABirthReportsThatNoTrackWasNear) {
  Scene scene;
  scene.show({});
  scene.show({detection(100, 100)});
  EXPECT_TRUE(scene.events.empty()) << "not confirmed yet";
  scene.show({detection(101, 100)});
  ASSERT_EQ(scene.events.size(), 1U);
  const auto& birth = scene.events[0];
  EXPECT_EQ(birth.kind, TrackEventKind::birth);
  EXPECT_EQ(birth.id, 1);
  EXPECT_EQ(birth.frame, 1) << "of the first detection, not of the confirmation";
  EXPECT_FALSE(birth.comparison);
  EXPECT_THAT(story_of(1, scene.events), HasSubstr("frame 1 (0.03 s), at (100, 100) 40x100: born"));
  EXPECT_THAT(story_of(1, scene.events), HasSubstr("No known track was near."));
}

TEST(Explain, ABirthNamesTheRivalAndTheGate) {
  Scene scene;
  for (int i = 0; i < 10; ++i) scene.show({detection(100, 100)});
  // Moved by 34 pixels, the boxes still overlap, but the cost is above the limit.
  for (int i = 0; i < 2; ++i) scene.show({detection(134, 100)});
  ASSERT_EQ(scene.events.size(), 2U);
  ASSERT_TRUE(scene.events[1].comparison);
  const auto& rival = *scene.events[1].comparison;
  EXPECT_EQ(rival.id, 1);
  EXPECT_EQ(rival.gate, "limit");
  EXPECT_EQ(rival.stage, "confident");
  EXPECT_FLOAT_EQ(static_cast<float>(rival.limit), 0.8F);
  ASSERT_TRUE(rival.cost);
  EXPECT_GT(*rival.cost, 0.8);
  EXPECT_NEAR(*rival.cost, 1 - 0.9 * rival.iou, 0.01) << "same height: 1 - score * IoU";
  EXPECT_THAT(story_of(2, scene.events),
              HasSubstr("The best rival was track 1 (IoU 0.08, 0.3 heights away): the cost is not below the limit in "
                        "stage 'confident' (cost 0.93, limit 0.80)."));
}

TEST(Explain, ABirthNamesARivalThatTookAnotherDetection) {
  Scene scene;
  for (int i = 0; i < 10; ++i) scene.show({detection(100, 100)});
  for (int i = 0; i < 2; ++i) scene.show({detection(100, 100), detection(120, 100, 40, 100, 0.95F)});
  ASSERT_EQ(scene.events.size(), 2U);
  ASSERT_TRUE(scene.events[1].comparison);
  EXPECT_EQ(scene.events[1].comparison->id, 1);
  EXPECT_EQ(scene.events[1].comparison->gate, "taken");
  EXPECT_THAT(story_of(2, scene.events), HasSubstr("it took another detection in this frame"));
}

TEST(Explain, ABirthFarFromALostTrackReportsWhyItWasNotRecovered) {
  Scene scene;
  for (int i = 0; i < 10; ++i) scene.show({detection(100, 100)});
  scene.show({});
  for (int i = 0; i < 2; ++i) scene.show({detection(300, 100)});
  ASSERT_EQ(scene.events.size(), 2U);
  ASSERT_TRUE(scene.events[1].comparison);
  EXPECT_EQ(scene.events[1].comparison->gate, "reliability") << "without embeddings nothing is recovered by looks";
  EXPECT_EQ(scene.events[1].comparison->stage, "recovery");
}

TEST(Explain, ARecoveryTellsTheGapAndTheStage) {
  Scene scene;
  for (int i = 0; i < 10; ++i) scene.show({detection(100, 100)});
  for (int i = 0; i < 14; ++i) scene.show({});
  scene.show({detection(101, 100)});
  ASSERT_EQ(scene.events.size(), 2U);
  const auto& recovery = scene.events[1];
  EXPECT_EQ(recovery.kind, TrackEventKind::recovery);
  EXPECT_EQ(recovery.frame, 24);
  EXPECT_NEAR(recovery.lost_s, 0.5, 1e-9);
  EXPECT_EQ(recovery.hits, 10);
  ASSERT_TRUE(recovery.comparison);
  EXPECT_EQ(recovery.comparison->stage, "confident");
  EXPECT_THAT(story_of(1, scene.events), HasSubstr("found again after 0.50 s in stage 'confident' (cost 0."));
}

TEST(Explain, ADeathTellsWhy) {
  Scene scene;
  for (int i = 0; i < 10; ++i) scene.show({detection(100, 100)});
  for (int i = 0; i < 31; ++i) scene.show({});
  ASSERT_EQ(scene.events.size(), 2U);
  EXPECT_EQ(scene.events[1].kind, TrackEventKind::death);
  EXPECT_EQ(scene.events[1].reason, "age");
  EXPECT_NEAR(scene.events[1].lost_s, 31.0 / 30, 1e-9);
  EXPECT_THAT(story_of(1, scene.events),
              HasSubstr("ended after 10 detections, 1.03 s without another; it was expected"));
}

TEST(Explain, DeathsOutsideTheImageByABreakAndAsADuplicate) {
  Scene leaving;
  for (int i = 0; i < 10; ++i) leaving.show({detection(30 - 6 * static_cast<float>(i), 100)});
  for (int i = 0; i < 31; ++i) leaving.show({});
  EXPECT_THAT(story_of(1, leaving.events), HasSubstr("its predicted box had left the image"));

  Scene broken;
  for (int i = 0; i < 2; ++i) broken.show({detection(100, 100)});
  auto later = frame(2);
  later.time += Timestamp(5);
  broken.tracker.update(Detections{}, later);
  EXPECT_THAT(story_of(1, broken.events), HasSubstr("ended after 2 detections: the stream broke off for 5.03 s"));

  TrackerConfig config;
  config.max_duplicate_iou = 0.5F;
  config.stages[0].limit = 0.3F;  // strict, so that a second track can start at the position of the first one
  Scene doubled(config);
  for (int i = 0; i < 10; ++i) doubled.show({detection(100, 100)});
  for (int i = 0; i < 3; ++i) doubled.show({detection(110, 100)});
  const auto last = doubled.events.back();
  EXPECT_EQ(last.kind, TrackEventKind::death);
  EXPECT_EQ(last.reason, "duplicate");
  EXPECT_EQ(last.id, 2) << "the younger one";
}

TEST(Explain, ListeningChangesNothing) {
  Scene listening;
  Tracker alone({}, 30);
  for (int i = 0; i < 60; ++i) {
    const float x = 5 * static_cast<float>(i);
    Detections detections = {detection(100 + x, 100), detection(500 - x, 110)};
    if (i % 7 == 3) detections.pop_back();
    EXPECT_TRUE(same_rows(listening.show(detections), alone.update(detections, frame(i))));
  }
  EXPECT_FALSE(listening.events.empty());
  listening.tracker.on_event({});
  const auto count = listening.events.size();
  for (int i = 0; i < 40; ++i) listening.show({});
  EXPECT_EQ(listening.events.size(), count) << "the event handler was removed";
}

TEST(Explain, ReportsAnEventOnceEvenIfTheHandlerThrows) {
  Tracker tracker({}, 30);
  int ends = 0;
  tracker.on_event([&](const TrackEvent& event) {
    if (event.kind != TrackEventKind::death) return;
    ++ends;
    throw std::runtime_error("disk full");
  });
  const Detections seen = {detection(100, 100)};
  for (int i = 0; i < 20; ++i) tracker.update(seen, frame(i));
  int errors = 0;
  for (int i = 20; i < 120; ++i) {
    try {
      tracker.update({}, frame(i));
    } catch (const std::runtime_error&) {
      ++errors;
    }
  }
  EXPECT_EQ(ends, 1);
  EXPECT_EQ(errors, 1);
}

TEST(Explain, EventsReadBackAsTheyWereWritten) {
  TrackEvent event;
  event.kind = TrackEventKind::recovery;
  event.frame = 12;
  event.time_s = 0.43;
  event.id = 7;
  event.box = {1.5F, 2, 3, 4.25F};
  event.score = 0.75;
  event.lost_s = 0.2;
  event.hits = 5;
  event.inside = 0.5;
  event.comparison = Comparison{7, 0.1, 1.2, 0.25, 0.8, "recovery", 0.3, 0.8, ""};
  TrackEvent death;
  death.kind = TrackEventKind::death;
  death.reason = "age";
  const TemporaryFolder folder;
  const auto file = folder.write("events.jsonl", to_json(event) + "\n" + to_json(death) + "\n");
  const auto events = read_events(file);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(to_json(events[0]), to_json(event));
  EXPECT_EQ(to_json(events[1]), to_json(death));
  EXPECT_EQ(events[0].box, event.box);
  EXPECT_EQ(events[0].comparison->appearance, 0.25);
}

TEST(Explain, AComebackGivesItsReasons) {
  TrackEvent event;
  event.kind = TrackEventKind::comeback;
  event.id = 3;
  event.lost_s = 12.5;
  event.recollection = Recollection{0.11, 0.2, 7, 0.32, 0.1, 5};
  const auto story = story_of(3, {event});
  EXPECT_THAT(story, HasSubstr("came back from memory after 12.50 s: 5 frames in a row looked like it"));
  EXPECT_THAT(story,
              HasSubstr("(appearance distance 0.11, limit 0.20; the next best, track 7, was at 0.32, and a lead of "
                        "0.10 was needed)"));
  const TemporaryFolder folder;
  const auto read = read_events(folder.write("events.jsonl", to_json(event) + "\n"));
  ASSERT_EQ(read.size(), 1U);
  EXPECT_EQ(to_json(read.front()), to_json(event));
  event.recollection->runner_up.reset();
  EXPECT_THAT(story_of(3, {event}), HasSubstr("there was no rival"));
}

TEST(Explain, LinesThatAreNoEventsAreNamed) {
  const TemporaryFolder folder;
  const auto error_of = [](const std::filesystem::path& file) -> std::string {
    try {
      read_events(file);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(error_of(folder / "none"), HasSubstr("none: cannot open"));
  const auto good = to_json(TrackEvent()) + "\n";
  for (const std::string bad : {"{", "{}", "[1]", "{\"event\": \"party\"}", ""}) {
    EXPECT_THAT(error_of(folder.write("x.jsonl", good + bad + "\n")), HasSubstr("x.jsonl:2: not an event")) << bad;
  }
}

TEST(Explain, TextOfAFileControlsNoTerminal) {
  TrackEvent event;
  event.id = 1;
  event.comparison = Comparison{};
  event.comparison->gate = "\x1b[2Jgate";
  event.comparison->stage = "\x1b]0;stage";
  const TemporaryFolder folder;
  const auto story = story_of(1, read_events(folder.write("events.jsonl", to_json(event) + "\n")));
  EXPECT_THAT(story, HasSubstr("\\u001b[2Jgate in stage '\\u001b]0;stage'"));
}

TEST(Explain, TellsWhatKeptTheRightTrackOut) {
  Scene scene;
  for (int i = 0; i < 10; ++i) scene.show({detection(100, 100), detection(400, 100)});
  for (int i = 0; i < 3; ++i) scene.show({});
  // Both come back far from where they were; each birth is compared with both lost tracks.
  for (int i = 0; i < 2; ++i) scene.show({detection(180, 100)});
  const auto& birth = scene.events.back();
  ASSERT_EQ(birth.id, 3);
  ASSERT_TRUE(birth.comparison);
  EXPECT_EQ(birth.comparison->id, 1);
  ASSERT_EQ(birth.others.size(), 1U);
  EXPECT_EQ(birth.others[0].id, 2);
  EXPECT_THAT(missed_return({.id = 3, .previous = 2, .last_frame = 9}, scene.events),
              AllOf(HasSubstr("by the ground truth, this is track 2, last on it in frame 9. It was compared"),
                    HasSubstr("appearance is not reliable enough")));
  for (int i = 0; i < 60; ++i) scene.show({});
  for (int i = 0; i < 2; ++i) scene.show({detection(100, 100)});
  EXPECT_THAT(missed_return({.id = 4, .previous = 1, .last_frame = 9}, scene.events),
              HasSubstr("It had ended in frame "));
  EXPECT_THAT(missed_return({.id = 4, .previous = 77, .last_frame = 9, .elsewhere = true}, scene.events),
              HasSubstr("It was on something else."));
  EXPECT_EQ(missed_return({.id = 99, .previous = 1}, scene.events), "");
  // The other comparisons survive the file.
  const TemporaryFolder folder;
  const auto read = read_events(folder.write("events.jsonl", to_json(birth) + "\n"));
  EXPECT_EQ(to_json(read.at(0)), to_json(birth));
}

}  // namespace
}  // namespace onepass::track
