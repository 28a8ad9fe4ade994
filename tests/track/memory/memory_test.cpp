#include "onepass/memory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <cstring>
#include <map>
#include <memory>
#include <set>

#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"
#include "support/visits.hpp"
#include "track/memory/memory_state.hpp"

namespace onepass::track {
namespace {

using test::frame;
using test::ids_of;
using test::message_of;
using test::same_rows;
using test::score_visits;
using test::TemporaryFolder;
using test::track_frames;
using test::VisitOptions;
using test::Visits;
using test::VisitScene;
using testing::HasSubstr;

using Rows = std::vector<std::vector<Track>>;

constexpr const char* space = "roi of layers 1, 2";

TrackerConfig with_memory() {
  TrackerConfig config;
  config.memory.enabled = true;
  return config;
}

Rows track_all(Tracker& tracker, const Visits& scene) { return track_frames(tracker, scene, 0, scene.frames.size()); }

Visits make(const VisitOptions& options) { return VisitScene(options).make(); }

bool same(const Rows& a, const Rows& b) { return std::ranges::equal(a, b, same_rows); }

/// All ids in order of their first appearance.
std::vector<std::int64_t> order_of_ids(const Rows& rows) {
  std::vector<std::int64_t> order;
  for (const auto& row : rows) {
    for (const auto& track : row) {
      if (std::ranges::find(order, track.id) == order.end()) order.push_back(track.id);
    }
  }
  return order;
}

TEST(Memory, KeepsIdentitiesThatLeaveAndComeBack) {
  int returns = 0, kept = 0, merged = 0, visits = 0;
  for (unsigned seed = 1; seed <= 3; ++seed) {
    VisitOptions options;
    options.seed = seed;
    const auto scene = make(options);
    Tracker tracker(with_memory(), 30);
    const auto score = score_visits(scene, track_all(tracker, scene));
    returns += score.returns;
    kept += score.kept;
    merged += score.merged;
    visits += score.visits;
    EXPECT_EQ(score.changed, 0);
    Tracker without({}, 30);
    EXPECT_EQ(score_visits(scene, track_all(without, scene)).kept, 0);
  }
  EXPECT_EQ(visits, 3 * 40);
  EXPECT_GE(kept, 0.9 * returns) << returns;
  EXPECT_EQ(merged, 0) << visits;
}

TEST(Memory, DoesNotConfuseLookAlikes) {
  int merged = 0, visits = 0, kept = 0;
  for (unsigned seed = 1; seed <= 5; ++seed) {
    VisitOptions options;
    options.twins = 0.6;
    options.seed = seed;
    options.rounds = 12;
    const auto scene = make(options);
    Tracker tracker(with_memory(), 30);
    const auto score = score_visits(scene, track_all(tracker, scene));
    merged += score.merged;
    visits += score.visits;
    kept += score.kept;
  }
  EXPECT_LT(merged, 0.01 * visits) << visits;
  EXPECT_GT(kept, 0);
}

TEST(Memory, RecognizesACrowdThatReturnsAtOnce) {
  VisitOptions options;
  options.people = options.lanes = 40;  // more than are compared with the memory in one frame
  options.rounds = 3;
  options.stagger = 0;
  const auto scene = make(options);
  Tracker tracker(with_memory(), 30);
  const auto score = score_visits(scene, track_all(tracker, scene));
  EXPECT_EQ(score.visits, 120);
  EXPECT_GE(score.kept, 0.9 * 80);
  EXPECT_EQ(score.merged, 0);
  EXPECT_EQ(score.changed, 0);
}

/// Two cameras with one memory share the visits of a scene, so that people often change from one to the other. Returns
/// the tracks of both.
Rows track_with_two_cameras(const Visits& scene) {
  const auto memory = std::make_shared<Memory>(with_memory().memory);
  Tracker cameras[2] = {Tracker(with_memory(), 30, memory), Tracker(with_memory(), 30, memory)};
  Rows rows(scene.frames.size());
  for (std::size_t i = 0; i < scene.frames.size(); ++i) {
    std::vector<Detection> seen[2];
    for (const auto& detection : scene.frames[i]) {
      const auto lane = static_cast<std::size_t>(detection.box.center_y() / test::lane_height);
      seen[(i / test::round_frames + lane) % 2].push_back(detection);
    }
    for (int camera = 0; camera < 2; ++camera) {
      const auto tracks = cameras[camera].update(seen[camera], frame(static_cast<std::int64_t>(i)));
      rows[i].insert(rows[i].end(), tracks.begin(), tracks.end());
    }
  }
  return rows;
}

TEST(Memory, CamerasThatShareItKnowEachOthersPeople) {
  int returns = 0, kept = 0, merged = 0;
  for (unsigned seed = 1; seed <= 3; ++seed) {
    VisitOptions options;
    options.seed = seed;
    const auto scene = make(options);
    const auto rows = track_with_two_cameras(scene);
    for (const auto& row : rows) {
      std::set<std::int64_t> ids;
      for (const auto& track : row) EXPECT_TRUE(ids.insert(track.id).second) << track.id << " is on both cameras";
    }
    EXPECT_TRUE(same(rows, track_with_two_cameras(scene)));
    const auto score = score_visits(scene, rows);
    returns += score.returns;
    kept += score.kept;
    merged += score.merged;
    EXPECT_EQ(score.changed, 0);
  }
  EXPECT_GE(kept, 0.9 * returns) << returns;
  EXPECT_EQ(merged, 0);
}

TEST(Memory, GivesDenseIdsInOrderOfAppearanceThatNeverChange) {
  const auto scene = make({});
  Tracker tracker(with_memory(), 30);
  const auto rows = track_all(tracker, scene);
  const auto order = order_of_ids(rows);
  for (std::size_t i = 0; i < order.size(); ++i) EXPECT_EQ(order[i], static_cast<std::int64_t>(i) + 1);
  EXPECT_EQ(tracker.identity_count(), static_cast<std::int64_t>(order.size()));
  EXPECT_EQ(score_visits(scene, rows).changed, 0);
}

TEST(Memory, NoTrackWaitsIfNoIdentityIsMissing) {
  auto scene = make({});
  scene.frames.resize(60);  // only the first round, in which no person leaves
  Tracker with(with_memory(), 30);
  Tracker without({}, 30);
  EXPECT_TRUE(same(track_all(with, scene), track_all(without, scene)));
}

TEST(Memory, WithoutEmbeddingsItChangesNothing) {
  auto scene = make({});
  for (auto& detections : scene.frames) {
    for (auto& detection : detections) detection.embedding.resize(0);
  }
  Tracker with(with_memory(), 30);
  Tracker without({}, 30);
  EXPECT_TRUE(same(track_all(with, scene), track_all(without, scene)));
}

TEST(Memory, AnIdentityInSightIsNeverGivenToAnother) {
  // All people look the same: a new person looks like a remembered one and like a visible one.
  VisitOptions options;
  options.people = 5;
  options.view_change = 0;
  auto scene = make(options);
  Tracker tracker(with_memory(), 30);
  for (std::size_t i = 0; i < scene.frames.size(); ++i) {
    const auto tracks = tracker.update(scene.frames[i], frame(static_cast<std::int64_t>(i)));
    auto ids = ids_of(tracks);
    EXPECT_EQ(std::ranges::unique(ids).size(), 0U) << "frame " << i;
  }
  auto copies = scene;  // a copy of the person in lane 0 enters while the original is visible
  for (auto& detections : copies.frames) {
    if (detections.empty() || detections.front().box.top > 100) continue;
    auto copy = detections.front();
    copy.box.top = 900;
    detections.push_back(copy);
  }
  Tracker again(with_memory(), 30);
  for (std::size_t i = 0; i < copies.frames.size(); ++i) {
    auto ids = ids_of(again.update(copies.frames[i], frame(static_cast<std::int64_t>(i))));
    EXPECT_EQ(std::ranges::unique(ids).size(), 0U) << "frame " << i;
  }
}

TEST(Memory, APersonIsNeverACarThatWasHere) {
  auto scene = make({});
  for (std::size_t i = 395; i < scene.frames.size(); ++i) {  // between two rounds
    for (auto& detection : scene.frames[i]) detection.class_id = 1;
  }
  Tracker tracker(with_memory(), 30);
  std::map<std::int64_t, std::set<int>> classes;
  for (const auto& row : track_all(tracker, scene)) {
    for (const auto& track : row) classes[track.id].insert(track.class_id);
  }
  EXPECT_FALSE(classes.empty());
  for (const auto& [id, of_id] : classes) EXPECT_EQ(of_id.size(), 1U) << id;
}

TEST(Memory, ReportsWhyAnIdentityCameBack) {
  const auto scene = make({});
  Tracker tracker(with_memory(), 30);
  std::vector<TrackEvent> events;
  tracker.on_event([&](const TrackEvent& event) { events.push_back(event); });
  track_all(tracker, scene);
  const auto back = std::ranges::find(events, TrackEventKind::comeback, &TrackEvent::kind);
  ASSERT_NE(back, events.end());
  ASSERT_TRUE(back->recollection);
  const auto& reasons = *back->recollection;
  EXPECT_GE(reasons.frames, MemoryConfig().agreement);
  EXPECT_LE(reasons.distance, reasons.limit);
  ASSERT_TRUE(reasons.runner_up);
  EXPECT_GE(reasons.runner_up_distance - reasons.distance, reasons.margin);
  EXPECT_GT(back->lost_s, 1);
  EXPECT_THAT(story_of(back->id, events), HasSubstr("came back from memory after"));
  // Its first track is a birth; every later one is a comeback.
  const auto births = std::ranges::count_if(
      events, [&](const TrackEvent& event) { return event.id == back->id && event.kind == TrackEventKind::birth; });
  EXPECT_EQ(births, 1);
}

TEST(Memory, TwoTrackersSideBySideDoNotDisturbEachOther) {
  VisitOptions second;
  second.seed = 9;
  const auto one = make({});
  const auto two = make(second);
  Tracker alone_one(with_memory(), 30), alone_two(with_memory(), 30), tracker_one(with_memory(), 30),
      tracker_two(with_memory(), 30);
  const auto expected_one = track_all(alone_one, one);
  const auto expected_two = track_all(alone_two, two);
  Rows rows_one, rows_two;
  for (std::size_t i = 0; i < one.frames.size(); ++i) {
    rows_one.push_back(tracker_one.update(one.frames[i], frame(static_cast<std::int64_t>(i))));
    rows_two.push_back(tracker_two.update(two.frames[i], frame(static_cast<std::int64_t>(i))));
  }
  EXPECT_TRUE(same(rows_one, expected_one));
  EXPECT_TRUE(same(rows_two, expected_two));
}

/// Results for the second half of a scene; the tracker knows the first half only from a memory file.
struct Restarted {
  Visits scene = make({});
  std::size_t middle = scene.frames.size() / 2;
  TemporaryFolder folder;
  std::filesystem::path file = folder / "people.memory";
  Rows first;

  Restarted() {
    auto memory = std::make_shared<Memory>(with_memory().memory);
    Tracker tracker(with_memory(), 30, memory);
    first = track_frames(tracker, scene, 0, middle);
    tracker.finish();
    memory->set_statistics({{.count = 7,
                             .size_powers = {7, 1, 2, 3, 4},
                             .products = Eigen::Matrix3Xd::Constant(3, 3, 0.5),
                             .variance = Eigen::VectorXf::Constant(3, 2),
                             .scatter = {{5, {Eigen::MatrixXf::Identity(3, 3), Eigen::MatrixXf::Constant(3, 3, 2)}},
                                         {4, {Eigen::MatrixXf::Identity(3, 3), Eigen::MatrixXf::Zero(3, 3)}}}}});
    memory->save(file, space);
  }
  Memory load(const std::string& its_space = space) const {
    return Memory::load(file, with_memory().memory, its_space);
  }
};

TEST(MemoryFile, IdentitiesSurviveARestart) {
  const Restarted run;
  auto memory = std::make_shared<Memory>(run.load());
  EXPECT_GT(memory->size(), 0U);
  EXPECT_EQ(memory->statistics().front().count, 7);
  EXPECT_EQ(memory->statistics().front().variance[2], 2);
  const auto& scatter = memory->statistics().front().scatter;
  EXPECT_EQ(scatter.within.weight, 5);
  ASSERT_EQ(scatter.within.parts.size(), 2U);
  EXPECT_EQ(scatter.within.parts[1], Eigen::MatrixXf::Constant(3, 3, 2));
  EXPECT_EQ(scatter.between.weight, 4);
  ASSERT_EQ(scatter.between.parts.size(), 2U);
  EXPECT_EQ(scatter.between.parts[0], Eigen::MatrixXf::Identity(3, 3));
  const auto known = memory->identity_count();
  EXPECT_EQ(known, static_cast<std::int64_t>(order_of_ids(run.first).size()));
  Tracker tracker(with_memory(), 30, memory);
  auto rows = run.first;
  for (auto& row : track_frames(tracker, run.scene, run.middle, run.scene.frames.size())) rows.push_back(row);
  const auto score = score_visits(run.scene, rows);
  EXPECT_GE(score.kept, 0.9 * score.returns);
  EXPECT_EQ(score.merged, 0);
  const auto order = order_of_ids(rows);  // without gaps over both runs
  for (std::size_t i = 0; i < order.size(); ++i) EXPECT_EQ(order[i], static_cast<std::int64_t>(i) + 1);
}

TEST(MemoryFile, SavesWhatItLoaded) {
  const Restarted run;
  run.load().save(run.folder / "copy", space);
  EXPECT_EQ(test::read_file(run.folder / "copy"), test::read_file(run.file));
  EXPECT_FALSE(std::filesystem::exists(run.folder / "copy.part"));
}

TEST(MemoryFile, SharedBySourcesOneAfterAnother) {
  const Restarted run;
  auto shared = std::make_shared<Memory>(with_memory().memory);
  Tracker first(with_memory(), 30, shared);
  track_frames(first, run.scene, 0, run.middle);
  first.finish();
  Tracker second(with_memory(), 30, shared);
  const auto rows = track_frames(second, run.scene, run.middle, run.scene.frames.size());
  auto loaded = std::make_shared<Memory>(run.load());
  Tracker reloaded(with_memory(), 30, loaded);
  EXPECT_TRUE(same(rows, track_frames(reloaded, run.scene, run.middle, run.scene.frames.size())));
}

TEST(MemoryFile, RefusesOtherEmbeddings) {
  const Restarted run;
  const auto message = message_of([&] { run.load("cell of layers 15, 18, 21"); });
  EXPECT_THAT(message, HasSubstr("people.memory: contains embeddings of another kind: roi of layers 1, 2; those of"));
  EXPECT_THAT(message, HasSubstr("cell of layers 15, 18, 21"));
}

TEST(MemoryFile, RefusesEveryTruncationAndEveryFlippedBit) {
  const Restarted run;
  const auto bytes = test::read_file(run.file);
  for (std::size_t size = 0; size < bytes.size(); size += 1 + size / 7) {
    run.folder.write("people.memory", bytes.substr(0, size));
    EXPECT_THAT(message_of([&] { run.load(); }), HasSubstr("people.memory: is ")) << size;
  }
  run.folder.write("people.memory", bytes + "x");
  EXPECT_THAT(message_of([&] { run.load(); }), HasSubstr("truncated or damaged"));
  for (std::size_t place = 0; place < bytes.size(); place += 1 + place / 9) {
    auto flipped = bytes;
    flipped[place] = static_cast<char>(flipped[place] ^ (1 << (place % 8)));
    run.folder.write("people.memory", flipped);
    EXPECT_THAT(message_of([&] { run.load(); }), HasSubstr("people.memory: is ")) << place;
  }
}

/// The file with one part of its payload replaced, and a checksum that fits.
std::string forged(std::string bytes, std::size_t place, std::string_view part) {
  bytes.replace(place, part.size(), part);
  constexpr std::size_t header_size = 32;
  const auto* payload = reinterpret_cast<const Bytef*>(bytes.data() + header_size);
  const auto checksum = static_cast<std::uint32_t>(crc32_z(0, payload, bytes.size() - header_size));
  std::memcpy(bytes.data() + 20, &checksum, sizeof(checksum));
  return bytes;
}

TEST(MemoryFile, TrustsNoSizeEvenUnderAFittingChecksum) {
  const Restarted run;
  const auto bytes = test::read_file(run.file);
  const std::string huge(8, '\x7f');
  int refused = 0;
  const auto last = std::min<std::size_t>(bytes.size() - huge.size(), 400);
  for (std::size_t place = 32; place < last; place += 4) {
    run.folder.write("people.memory", forged(bytes, place, huge));
    const auto message = message_of([&] { run.load(); });  // no bad_alloc, no crash
    if (message.empty()) continue;                         // a valid value
    EXPECT_THAT(message, HasSubstr("people.memory: "));
    ++refused;
  }
  EXPECT_GT(refused, 20);
}

TEST(MemoryFile, RefusesOtherFiles) {
  const TemporaryFolder folder;
  const auto load = [&](const std::filesystem::path& path) {
    return message_of([&] { Memory::load(path, {}, space); });
  };
  EXPECT_THAT(load(folder / "none"), HasSubstr("none: cannot open this memory file"));
  EXPECT_THAT(load(folder.path()), HasSubstr("is a folder"));
  EXPECT_THAT(load(folder.write("text", std::string(100, 'a'))), HasSubstr("is not a memory file of onepass"));
  const Restarted run;
  auto bytes = test::read_file(run.file);
  bytes[16] = 99;
  EXPECT_THAT(load(folder.write("later", bytes)), HasSubstr("version 99, this program reads version 3"));
}

TEST(MemoryFile, KeepsNegativeClasses) {
  const TemporaryFolder folder;
  Memory memory(with_memory().memory);
  auto& state = memory.state();
  state.identities = 1;
  state.length = 4;
  RememberedIdentity identity;
  identity.id = 1;
  identity.class_id = -3;  // a detector may use negative class ids
  identity.views.push_back({CompactEmbedding(Embedding::Unit(4, 0)), 1.0});
  state.gallery.put(std::move(identity), 0);
  memory.save(folder / "people.memory", space);
  const auto loaded = Memory::load(folder / "people.memory", with_memory().memory, space);
  ASSERT_EQ(loaded.size(), 1U);
  EXPECT_EQ(loaded.state().gallery.identities()[0].class_id, -3);
}

TEST(MemoryFile, LeavesNoPartFileWhenItCannotBeWritten) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "taken");
  folder.write("taken/file", "");
  EXPECT_THAT(message_of([&] { Memory({}).save(folder / "taken", space); }), HasSubstr("taken: this memory file"));
  EXPECT_FALSE(std::filesystem::exists(folder / "taken.part"));
}

TEST(MemoryFile, CannotBeWrittenToAMissingFolder) {
  const TemporaryFolder folder;
  EXPECT_THAT(message_of([&] { Memory({}).save(folder / "missing/file", space); }), HasSubstr("missing/file: "));
}

TEST(Memory, StaysWithinItsCapacity) {
  VisitOptions options;
  options.people = 40;
  options.rounds = 10;
  auto config = with_memory();
  config.memory.capacity = 7;
  config.memory.exemplars = 2;
  auto memory = std::make_shared<Memory>(config.memory);
  Tracker tracker(config, 30, memory);
  const auto scene = make(options);
  for (std::size_t i = 0; i < scene.frames.size(); ++i) {
    tracker.update(scene.frames[i], frame(static_cast<std::int64_t>(i)));
    ASSERT_LE(memory->size(), 7U);
  }
  EXPECT_EQ(memory->size(), 7U);
  for (const auto& identity : memory->state().gallery.identities()) EXPECT_LE(identity.views.size(), 2U);
}

}  // namespace
}  // namespace onepass::track
