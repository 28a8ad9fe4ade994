// Memories of two processes that tell each other what changes, without a network between them.
#include "track/memory/sharing.hpp"

#include <set>

#include <gtest/gtest.h>

#include "track/memory/identity_bytes.hpp"
#include "track/memory/memory_state.hpp"
#include "track/memory/recognition.hpp"

namespace onepass::track {
namespace {

const Embedding looks = Embedding::Unit(4, 0);
const Embedding other_looks = Embedding::Unit(4, 1);

MemoryConfig config() {
  MemoryConfig config;
  config.enabled = true;
  config.agreement = 1;
  config.patience = 5;
  return config;
}

/// A process with one camera, which sees at most one person.
struct Process {
  explicit Process(std::int64_t member) : memory(prepared(member)), recognition(config(), memory) {}

  static std::shared_ptr<Memory> prepared(std::int64_t member) {
    auto memory = std::make_shared<Memory>(config());
    begin_sharing(*memory, member);
    supply_ids(*memory, {100 * member, 100 * member + 50});
    memory->state().separation = {1000, 0.05, 0.001, 0.6, 0.001};
    return memory;
  }

  /// A frame at this time; an empty embedding means that nobody is in sight.
  void see(const Embedding& embedding, double now_s) {
    recognition.give_up(scene);
    detections.clear();
    scene.observations.clear();
    scene.now_s = now_s;
    for (auto& track : scene.tracks) ++track.frames_since_update;
    if (embedding.size() > 0) observe(embedding);
    recognition.identify(detections, scene, changes);
    changes.clear();
  }

  void observe(const Embedding& embedding) {
    Observation observation{};
    observation.source = 0;
    scene.observations.push_back(observation);
    detections.push_back({{}, 0.9F, 0, embedding});
    if (scene.tracks.empty()) {
      TrackRecord track;
      track.serial = ++serials;
      track.score = 0.9;
      track.last_seen_s = scene.now_s;
      track.confirmed = true;
      changes.started.push_back({0, 0, 0, {}});
      scene.tracks.push_back(track);
    } else {
      auto& track = scene.tracks[0];
      track.confirmed = true;
      track.frames_since_update = 0;
      track.last_seen_s = scene.now_s;
      changes.matched.push_back({0, 0, track.id, 0.1, {}});
    }
  }

  /// The track ends.
  void lose() {
    changes.ended = {{0, EndReason::age}};
    recognition.remember(scene, changes);
    changes.clear();
    scene.tracks.clear();
  }

  std::int64_t id() const { return scene.tracks.empty() ? 0 : scene.tracks[0].id; }
  std::vector<IdentityReport> news() { return take_reports(*memory, 100); }
  void hear(const std::vector<IdentityReport>& reports) { take_in(*memory, reports); }

  std::shared_ptr<Memory> memory;
  Recognition recognition;
  Scene scene;
  FrameChanges changes;
  std::vector<Detection> detections;
  std::int64_t serials = 0;
};

TEST(Sharing, IdsComeFromTheRangesOfTheProcess) {
  Process process(1);
  process.see(looks, 0);
  EXPECT_EQ(process.id(), 100);
  EXPECT_EQ(ids_left(*process.memory), 49);
  EXPECT_EQ(give_ids_back(*process.memory).begin, 101);
  EXPECT_EQ(ids_left(*process.memory), 0);
}

TEST(Sharing, WithoutARangeIdsAreDrawnAtRandom) {
  std::set<std::int64_t> given;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    IdSupply supply(seed);
    supply.add({5, 6});
    EXPECT_EQ(supply.next(), 5);
    for (int i = 0; i < 3; ++i) given.insert(supply.next());
    supply.add({8, 9});
    EXPECT_EQ(supply.next(), 8);  // the counter's ids are preferred
  }
  EXPECT_EQ(given.size(), 300U);
  EXPECT_GE(*given.begin(), IdSupply::first_drawn);
  EXPECT_LT(*given.rbegin(), std::int64_t{1} << 53);
}

TEST(Sharing, AnIdentityThatLeavesIsRecognizedByAnotherProcess) {
  Process gate(1);
  Process yard(2);
  gate.see(looks, 0);
  yard.see({}, 0);
  gate.see(looks, 0.1);
  const auto first = gate.news();
  ASSERT_EQ(first.size(), 1U);
  EXPECT_TRUE(first[0].in_sight);
  EXPECT_TRUE(gate.news().empty());  // nothing has changed
  yard.hear(first);
  gate.see({}, 0.2);
  EXPECT_TRUE(gate.news().empty());  // it may be seen again at once
  gate.see({}, 1);
  const auto second = gate.news();
  ASSERT_EQ(second.size(), 1U);
  EXPECT_FALSE(second[0].in_sight);
  EXPECT_NEAR(second[0].unseen_s, 0.9, 1e-6);
  yard.see({}, 1);
  yard.hear(second);
  yard.see(looks, 2);
  EXPECT_EQ(yard.id(), 100);
  // The gate still has the track, which is lost; it gives the identity up.
  gate.see({}, 2.2);
  gate.hear(yard.news());
  gate.see({}, 2.3);
  EXPECT_EQ(gate.id(), 0);
  EXPECT_EQ(gate.memory->size(), 1U);
  gate.lose();
  EXPECT_TRUE(gate.news().empty());
}

TEST(Sharing, AnIdentityInSightElsewhereIsWaitedForAndNotGiven) {
  Process gate(1);
  Process yard(2);
  gate.see(looks, 0);
  yard.see({}, 0);
  yard.hear(gate.news());
  for (int frame = 1; frame <= 20; ++frame) yard.see(looks, 0.1 * frame);
  EXPECT_EQ(yard.id(), 0);  // the news that it has left may be on their way
  yard.see(looks, 0.1 + config().wait_s + 0.2);
  EXPECT_EQ(yard.id(), 200);
}

TEST(Sharing, AProcessThatDiedHoldsAnIdentityForALimitedTime) {
  Process gate(1);
  Process yard(2);
  gate.see(looks, 0);
  yard.see({}, 0);
  yard.hear(gate.news());
  yard.see({}, believed_s + 1);
  yard.see(looks, believed_s + 2);
  EXPECT_EQ(yard.id(), 100);
}

TEST(Sharing, OfTwoClaimsTheEarlierOneKeepsTheIdentity) {
  Process old(3);
  old.see(looks, 0);
  old.see({}, 5);
  old.lose();
  const auto known = old.news();
  Process gate(1);
  Process yard(2);
  for (auto* process : {&gate, &yard}) {
    process->see({}, 0);
    process->hear(known);
  }
  gate.see(looks, 1);  // the processes cannot talk
  yard.see(looks, 1.5);
  yard.see(looks, 1.7);
  gate.see(looks, 1.7);
  ASSERT_EQ(gate.id(), 300);
  ASSERT_EQ(yard.id(), 300);
  const auto from_gate = gate.news();
  const auto from_yard = yard.news();
  gate.hear(from_yard);
  yard.hear(from_gate);
  EXPECT_EQ(gate.news().size(), 1U);  // tells its claim once more
  gate.see(looks, 1.8);
  EXPECT_EQ(gate.id(), 300);
  yard.see({}, 1.8);
  EXPECT_EQ(yard.id(), 0);
}

TEST(Sharing, TwoIdsOfOnePersonAreJoinedWhenTheNewsCome) {
  Process gate(1);
  Process yard(2);
  gate.see(looks, 0);
  gate.see({}, 5);
  gate.lose();
  const auto late_news = gate.news();  // the network is away
  yard.see({}, 5);
  yard.see(looks, 8);
  ASSERT_EQ(yard.id(), 200);
  yard.see({}, 8.1);
  yard.lose();
  yard.hear(late_news);
  const auto joined = reconcile(*yard.memory);
  ASSERT_EQ(joined.size(), 1U);
  EXPECT_EQ(joined[0].id, 200);
  EXPECT_EQ(joined[0].stays, 100);
  EXPECT_TRUE(reconcile(*yard.memory).empty());
  EXPECT_EQ(yard.memory->size(), 1U);
  const auto news = yard.news();
  ASSERT_EQ(news.size(), 1U);
  EXPECT_EQ(news[0].identity.id, 100);
  join(*gate.memory, joined[0]);
  gate.hear(news);
  EXPECT_EQ(gate.memory->size(), 1U);
  yard.see(looks, 12);
  EXPECT_EQ(yard.id(), 100);
}

TEST(Sharing, ATrackKeepsTheIdThatItShowsAndIsRememberedByTheOther) {
  Process gate(1);
  Process yard(2);
  gate.see(looks, 0);
  gate.see({}, 5);
  gate.lose();
  yard.see({}, 5);
  for (int frame = 0; frame < 6; ++frame) yard.see(looks, 8 + 0.1 * frame);
  yard.hear(gate.news());
  EXPECT_EQ(reconcile(*yard.memory).size(), 1U);
  yard.see(looks, 8.6);
  EXPECT_EQ(yard.id(), 200);
  ASSERT_EQ(yard.news().size(), 1U);
  yard.see({}, 8.7);
  yard.lose();
  ASSERT_EQ(yard.memory->size(), 1U);
  EXPECT_EQ(yard.memory->state().gallery.identities()[0].id, 100);
}

TEST(Sharing, PeopleWhoLookDifferentAreNotJoined) {
  Process gate(1);
  Process yard(2);
  gate.see(other_looks, 0);
  gate.see({}, 5);
  gate.lose();
  yard.see({}, 5);
  yard.see(looks, 8);
  yard.see({}, 8.1);
  yard.lose();
  yard.hear(gate.news());
  EXPECT_TRUE(reconcile(*yard.memory).empty());
  EXPECT_EQ(yard.memory->size(), 2U);
}

TEST(Sharing, AProcessThatIsNotPresentHasNothingInSight) {
  Process gate(1);
  Process yard(2);
  gate.see(looks, 0);
  yard.see({}, 0);
  yard.hear(gate.news());
  believe(*yard.memory, {1, 2});
  yard.see(looks, 1);
  EXPECT_EQ(yard.id(), 0);
  believe(*yard.memory, {2});
  yard.see(looks, 1.1);
  EXPECT_EQ(yard.id(), 100);
}

TEST(Sharing, AnErasedIdentityNeverComesBack) {
  Process gate(1);
  Process yard(2);
  gate.see(looks, 0);
  yard.see({}, 0);
  const auto old_news = gate.news();
  yard.hear(old_news);
  EXPECT_EQ(yard.memory->size(), 1U);
  erase(*gate.memory, 100);
  erase(*yard.memory, 100);
  EXPECT_EQ(yard.memory->size(), 0U);
  yard.hear(old_news);
  EXPECT_EQ(yard.memory->size(), 0U);
  gate.see(looks, 0.1);
  gate.see(looks, 0.2);
  EXPECT_NE(gate.id(), 100);
}

TEST(Sharing, TellsAgainWhatAStoreHasLost) {
  Process gate(1);
  gate.see(looks, 0);
  gate.see({}, 5);
  gate.lose();
  EXPECT_EQ(gate.news().size(), 1U);
  report_again(*gate.memory, {100});
  EXPECT_TRUE(gate.news().empty());
  report_again(*gate.memory, {});
  EXPECT_EQ(gate.news().size(), 1U);
}

TEST(Sharing, EmbeddingsOfAnotherLengthAreIgnored) {
  Process gate(1);
  gate.see(looks, 0);
  auto reports = gate.news();
  reports[0].identity.id = 7;
  reports[0].member = 9;
  reports[0].identity.views[0].mean = CompactEmbedding(Embedding::Unit(5, 0));
  gate.hear(reports);
  EXPECT_EQ(gate.memory->size(), 0U);
}

TEST(Sharing, TakesTheDistancesOfOthersUntilItHasItsOwn) {
  Memory memory(config());
  begin_sharing(memory, 4);
  expect_separation(memory, {60, 0.1, 0.01, 0.5, 0.02});
  expect_separation(memory, {90, 0.2, 0.01, 0.5, 0.02});
  EXPECT_EQ(separation_of(memory).samples, 60);
}

TEST(IdentityBytes, RefuseDamage) {
  RememberedIdentity identity;
  identity.id = 3;
  identity.views.push_back({CompactEmbedding(looks), 2});
  ByteWriter writer;
  write(writer, identity);
  auto bytes = writer.bytes();
  {
    ByteReader reader(bytes);
    EXPECT_EQ(read_identity(reader, 4).views[0].weight, 2);
    EXPECT_TRUE(reader.at_end());
  }
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto cut = bytes.substr(0, size);
    ByteReader reader(cut);
    EXPECT_THROW(read_identity(reader, 4), std::invalid_argument);
  }
  ByteReader reader(bytes);
  EXPECT_THROW(read_identity(reader, 5), std::invalid_argument);
}

}  // namespace
}  // namespace onepass::track
