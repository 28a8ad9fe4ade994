// Tests the tracker on real detections, against an independent prototype and against itself with frames left out.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <random>
#include <set>

#include "eval/benchmark/benchmark.hpp"
#include "eval/benchmark/label_file.hpp"
#include "io/mot_text.hpp"
#include "onepass/metrics.hpp"
#include "support/data.hpp"
#include "support/scene.hpp"
#include "support/sequence.hpp"

namespace onepass::track {
namespace {

using test::frame_at;
using test::read_sequence;
using test::Sequence;
using test::track_sequence;
using Tracks = std::vector<std::vector<Track>>;

/// Results of an independent tracker in Python: number of rows and identities, and sums over all rows.
struct Golden {
  std::string config;  ///< file in configs/, or "" for without_occlusion(); mot17.yaml is applied after it
  CameraMotion camera_motion;
  std::string sequence;
  std::size_t rows, identities;
  double left, top, width, height, score;
};

/// The defaults of the independent tracker, which ignores occlusion between boxes and learns nothing.
TrackerConfig without_occlusion() {
  TrackerConfig config;
  config.occlusion_noise = 0;
  config.measurement_noise = 0.08F;
  config.noise_rate = 0;
  config.learn_motion = false;
  for (auto& stage : config.stages) {
    if (stage.name == "confident") stage.min_score = 0.4F;
    if (stage.name != "faint") continue;
    stage.max_score = 0.4F;
    stage.max_used_overlap = 0.6F;
  }
  return config;
}

TrackerConfig config_of(const Golden& golden, const std::filesystem::path& folder) {
  const auto configs = std::filesystem::path(ONEPASS_SOURCE_DIR) / "configs";
  Config config;
  if (golden.config.empty()) {
    config.tracker = without_occlusion();
  } else {
    apply_yaml(config, configs / golden.config);
  }
  apply_yaml(config, configs / "mot17.yaml");
  config.tracker.camera_motion = golden.camera_motion;
  config.tracker.camera_motion_file = (folder / "gmc.txt").string();
  return config.tracker;
}

TEST(TrackerOnMot17, EqualsAnIndependentTrackerRowByRow) {
  ONEPASS_REAL_DATA(data);
  using enum CameraMotion;
  // On the other two sequences a sum of scores of exactly 1.8 falls on either side of the limit by rounding.
  const std::vector<Golden> goldens = {
      {"", file, "MOT17-02", 9258, 88, 7351840, 4131648, 599734, 1609401, 6429.4},
      {"", file, "MOT17-10", 5417, 45, 4282017, 1677256, 316216, 832423, 3929.8},
      {"", boxes, "MOT17-02", 9132, 88, 7225424, 4074745, 594909, 1596556, 6391.9},
      {"", boxes, "MOT17-10", 5329, 44, 4247074, 1650218, 313408, 825033, 3894.9},
      {"botsort.yaml", file, "MOT17-05", 2909, 67, 677115, 245142, 337253, 881984, 2426.3},
      {"botsort.yaml", file, "MOT17-10", 4864, 44, 3939581, 1501708, 298493, 784710, 3729.3},
      {"bytetrack.yaml", none, "MOT17-02", 7486, 70, 5976422, 3330889, 528109, 1427765, 5869.7},
      {"bytetrack.yaml", none, "MOT17-13", 2596, 40, 2566220, 1566962, 172337, 439957, 2128.6},
      {"deepsort.yaml", none, "MOT17-02", 6481, 82, 5163706, 2877712, 483148, 1309247, 5479.5},
  };
  for (const auto& golden : goldens) {
    SCOPED_TRACE(golden.config + " " + golden.sequence);
    const auto folder = data / "mot17-valhalf" / golden.sequence;
    const auto frames = track_sequence(read_sequence(folder), config_of(golden, folder));
    Golden sums{};
    std::set<std::int64_t> ids;
    for (const auto& tracks : frames) {
      for (const auto& track : tracks) {
        ++sums.rows;
        ids.insert(track.id);
        sums.left += track.box.left;
        sums.top += track.box.top;
        sums.width += track.box.width;
        sums.height += track.box.height;
        sums.score += track.score;
      }
    }
    EXPECT_EQ(sums.rows, golden.rows);
    EXPECT_EQ(ids.size(), golden.identities);
    const double rounding = 2;  // the sums are those of rows with two decimals
    EXPECT_NEAR(sums.left, golden.left, rounding);
    EXPECT_NEAR(sums.top, golden.top, rounding);
    EXPECT_NEAR(sums.width, golden.width, rounding);
    EXPECT_NEAR(sums.height, golden.height, rounding);
    EXPECT_NEAR(sums.score, golden.score, 0.1);
  }
}

TEST(TrackerOnMot17, EmbeddingsThatKnowNothingChangeNothing) {
  ONEPASS_REAL_DATA(data);
  for (const auto* name : {"MOT17-05", "MOT17-13"}) {
    auto sequence = read_sequence(data / "mot17-valhalf" / name);
    const auto without = track_sequence(sequence, {});
    std::mt19937 random(1);
    std::normal_distribution<float> any;
    for (auto& frame : sequence.frames) {
      for (auto& detection : frame) {
        detection.embedding = Embedding::NullaryExpr(64, [&] { return any(random); }).normalized();
      }
    }
    const auto with = track_sequence(sequence, {});
    ASSERT_EQ(with.size(), without.size());
    for (std::size_t i = 0; i < with.size(); ++i) ASSERT_TRUE(test::same_rows(with[i], without[i])) << name << ' ' << i;
  }
}

/// HOTA on the four sequences, in percent, of the tracks that `tracks_of(name of the sequence)` returns.
template <typename TracksOf>
double hota_of(const std::filesystem::path& data, TracksOf tracks_of) {
  std::vector<Scores> scores;
  const auto benchmark = eval::named_benchmark("MOT17");
  const auto rules = benchmark.rules("pedestrian");
  for (const auto* name : {"MOT17-02", "MOT17-05", "MOT17-10", "MOT17-13"}) {
    const auto folder = data / "mot17-valhalf" / name;
    const auto length = static_cast<std::int64_t>(read_sequence(folder).frames.size());
    const auto truth = eval::read_truth(folder / "gt" / "gt.txt", length, benchmark, [](const std::string&) {});
    scores.push_back(evaluate_sequence(truth, tracks_of(name, truth.frame_count()), rules).scores);
  }
  return 100 * mean(combine(scores).hota.hota);
}

/// Results of other implementations of these trackers, which come with the data.
TEST(TrackerOnMot17, PublishedTrackersScoreLikeTheirOtherImplementations) {
  ONEPASS_REAL_DATA(data);
  const auto configs = std::filesystem::path(ONEPASS_SOURCE_DIR) / "configs";
  for (const auto& [tracker, difference] : {std::pair("sort", 0.3), {"ocsort", 0.3}, {"bytetrack", 0.6}}) {
    Config config;
    apply_yaml(config, configs / (std::string(tracker) + ".yaml"));
    const auto ours = hota_of(data, [&](const std::string& name, std::int64_t) {
      LabeledSequence result;
      std::vector<LabeledBox> boxes;
      for (const auto& tracks : track_sequence(read_sequence(data / "mot17-valhalf" / name), config.tracker)) {
        boxes.clear();
        for (const auto& track : tracks) {
          boxes.push_back({track.id, track.box.left, track.box.top, track.box.width, track.box.height});
        }
        result.add_frame(boxes);
      }
      return result;
    });
    const auto theirs = hota_of(data, [&](const std::string& name, std::int64_t frames) {
      std::map<std::int64_t, std::vector<LabeledBox>> boxes;
      const auto file = data / "golden" / "results" / tracker / (name + ".txt");
      io::MotReader reader(file, {.minimum_columns = 6});
      for (io::MotRow row; reader.next(row);) {
        boxes[row.frame].push_back({row.id, static_cast<float>(row.left), static_cast<float>(row.top),
                                    static_cast<float>(row.width), static_cast<float>(row.height)});
      }
      LabeledSequence result;
      for (std::int64_t frame = 1; frame <= frames; ++frame) result.add_frame(boxes[frame]);
      return result;
    });
    EXPECT_NEAR(ours, theirs, difference) << tracker;
  }
}

TEST(TrackerOnMot17, IdsAreDenseAndRowsAreDistinct) {
  ONEPASS_REAL_DATA(data);
  for (const auto* name : {"MOT17-02", "MOT17-05", "MOT17-10", "MOT17-13"}) {
    const auto sequence = read_sequence(data / "mot17-valhalf" / name);
    Tracker tracker({}, sequence.frame_rate);
    std::set<std::int64_t> seen;
    for (std::size_t i = 0; i < sequence.frames.size(); ++i) {
      const auto tracks = tracker.update(sequence.frames[i], frame_at(sequence, static_cast<std::int64_t>(i)));
      for (std::size_t k = 0; k < tracks.size(); ++k) {
        seen.insert(tracks[k].id);
        ASSERT_TRUE(k == 0 || tracks[k - 1].id < tracks[k].id) << name << " frame " << i;
      }
    }
    ASSERT_FALSE(seen.empty());
    EXPECT_EQ(*seen.rbegin(), static_cast<std::int64_t>(seen.size())) << name;
    EXPECT_EQ(tracker.identity_count(), *seen.rbegin()) << name;
  }
}

/// HOTA of the sequences of a folder, in percent.
double hota_of(const std::filesystem::path& folder, const std::vector<std::string>& names, const std::string& benchmark,
               const TrackerConfig& config) {
  const auto rules = eval::known_benchmark(benchmark);
  std::vector<Scores> scores;
  for (const auto& name : names) {
    const auto sequence = read_sequence(folder / name);
    LabeledSequence result;
    for (const auto& tracks : track_sequence(sequence, config)) {
      std::vector<LabeledBox> boxes;
      for (const auto& [id, state, box, class_id, score, origin, detection, shape] : tracks) {
        boxes.push_back({id, box.left, box.top, box.width, box.height});
      }
      result.add_frame(boxes);
    }
    const auto ignore = [](const std::string&) {};
    const auto truth = eval::read_truth(folder / name / "gt" / "gt.txt", result.frame_count(), rules, ignore);
    scores.push_back(evaluate_sequence(truth, result, rules.rules("pedestrian")).scores);
  }
  return 100 * mean(combine(scores).hota.hota);
}

TEST(TrackerOnDancers, LearnsToFollowExactDetections) {
  ONEPASS_REAL_DATA(data);
  TrackerConfig fixed;
  fixed.learn_motion = false;
  const std::vector<std::string> names = {"dancetrack0010", "dancetrack0019", "dancetrack0081"};
  EXPECT_GT(hota_of(data / "dance", names, "MOT15", {}), 80);
  EXPECT_LT(hota_of(data / "dance", names, "MOT15", fixed), 65);
}

TEST(TrackerOnMot17, PedestriansInAStreetStayAsTheyWereFiltered) {
  ONEPASS_REAL_DATA(data);
  TrackerConfig fixed;
  fixed.learn_motion = false;
  const std::vector<std::string> names = {"MOT17-02", "MOT17-05", "MOT17-10", "MOT17-13"};
  const double noise = 0.3;
  EXPECT_GT(hota_of(data / "mot17-valhalf", names, "MOT17", {}),
            hota_of(data / "mot17-valhalf", names, "MOT17", fixed) - noise);
}

/// The tracks of the frames that `keep` chooses, with their true times or as if they were consecutive.
struct Thinned {
  double agreement = 0;         ///< share of the boxes with the same identity as in the run over all frames
  std::int64_t identities = 0;  ///< number of identities
};

enum class Times { true_ones, consecutive };

Thinned track_thinned(const Sequence& sequence, const Tracks& full, Times times, const std::function<bool(int)>& keep) {
  Tracker tracker({}, sequence.frame_rate);
  std::map<std::int64_t, std::map<std::int64_t, int>> votes;
  int kept = 0;
  for (int i = 0; i < static_cast<int>(sequence.frames.size()); ++i) {
    if (!keep(i)) continue;
    const auto frame = frame_at(sequence, times == Times::true_ones ? i : kept);
    ++kept;
    for (const auto& track : tracker.update(sequence.frames[i], frame)) {
      for (const auto& reference : full[i]) {
        const bool same_place = intersection_over_union(track.box, reference.box) > 0.5F;
        if (same_place) ++votes[track.id][reference.id];
      }
    }
  }
  int all = 0;
  int agreed = 0;
  for (const auto& [id, by_reference] : votes) {
    int most = 0;
    for (const auto& [reference, count] : by_reference) {
      all += count;
      most = std::max(most, count);
    }
    agreed += most;
  }
  return {static_cast<double>(agreed) / all, tracker.identity_count()};
}

void expect_same_identities_with_fewer_frames(const std::filesystem::path& folder, double least_agreement) {
  const auto sequence = read_sequence(folder);
  const auto full = track_sequence(sequence, {});
  std::mt19937 random(1);
  const auto dropped_by_chance = [&random, chances = std::vector<bool>()](int index) mutable {
    while (static_cast<int>(chances.size()) <= index) chances.push_back(random() % 10 < 7);
    return static_cast<bool>(chances[index]);
  };
  const std::vector<std::function<bool(int)>> kept_frames = {
      [](int index) { return index % 2 == 0; }, [](int index) { return index % 3 == 0; }, dropped_by_chance};
  for (std::size_t i = 0; i < kept_frames.size(); ++i) {
    SCOPED_TRACE(i);
    const auto by_time = track_thinned(sequence, full, Times::true_ones, kept_frames[i]);
    const auto by_frame = track_thinned(sequence, full, Times::consecutive, kept_frames[i]);
    EXPECT_GT(by_time.agreement, least_agreement);
    EXPECT_GT(by_time.agreement, by_frame.agreement) << "knowing the time must help";
  }
}

TEST(TrackerWithFramesLeftOut, KeepsIdentitiesOnPets) {
  ONEPASS_REAL_DATA(data);
  expect_same_identities_with_fewer_frames(data / "mot15/PETS09-S2L1", 0.87);
}

TEST(TrackerWithFramesLeftOut, KeepsIdentitiesOnKitti) {
  ONEPASS_REAL_DATA(data);
  expect_same_identities_with_fewer_frames(data / "mot15/KITTI-17", 0.88);
}

TEST(TrackerWithFramesLeftOut, JitteringTimestampsAreHarmless) {
  ONEPASS_REAL_DATA(data);
  for (const auto* name : {"PETS09-S2L1", "KITTI-17"}) {
    const auto sequence = read_sequence(data / "mot15" / name);
    Tracker steady({}, sequence.frame_rate);
    Tracker jittering({}, sequence.frame_rate);
    std::mt19937 random(2);
    std::uniform_real_distribution<double> jitter(-0.2, 0.2);  // frames
    double rows = 0;
    double steady_rows = 0;
    for (std::size_t i = 0; i < sequence.frames.size(); ++i) {
      auto frame = frame_at(sequence, static_cast<std::int64_t>(i));
      steady_rows += static_cast<double>(steady.update(sequence.frames[i], frame).size());
      frame.time += Timestamp(jitter(random) / sequence.frame_rate);
      rows += static_cast<double>(jittering.update(sequence.frames[i], frame).size());
    }
    EXPECT_NEAR(rows, steady_rows, 0.02 * steady_rows) << name;
    EXPECT_NEAR(static_cast<double>(jittering.identity_count()), static_cast<double>(steady.identity_count()), 4)
        << name;
  }
}

}  // namespace
}  // namespace onepass::track
