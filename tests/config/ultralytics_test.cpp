#include "config/ultralytics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::config {
namespace {

using test::TemporaryFolder;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::filesystem::path configs = std::filesystem::path(ONEPASS_SOURCE_DIR) / "configs";

std::string dump_of(const TrackerConfig& tracker) {
  Config config;
  config.tracker = tracker;
  return dump_yaml(config);
}

/// The papers' buffer is a time, that of Ultralytics a number of frames.
void count_frames(TrackerConfig& tracker, int frames) {
  tracker.max_age_s = 0;
  tracker.min_misses = frames;
}

TEST(UltralyticsTracker, ByteTrackWithThePapersThresholdsIsOurByteTrack) {
  const TemporaryFolder folder;
  Config theirs;
  const auto notes = apply_yaml(theirs, folder.write("bytetrack.yaml", R"(
tracker_type: bytetrack # comment
track_high_thresh: 0.6
track_low_thresh: 0.1
new_track_thresh: 0.7
track_buffer: 30
match_thresh: 0.9
fuse_score: True
)"));
  Config ours;
  apply_yaml(ours, configs / "bytetrack.yaml");
  count_frames(ours.tracker, 30);
  EXPECT_THAT(notes, IsEmpty());
  EXPECT_EQ(dump_of(theirs.tracker), dump_of(ours.tracker));
}

TEST(UltralyticsTracker, BotSortWithThePapersThresholdsIsOurBotSort) {
  const TemporaryFolder folder;
  Config theirs;
  const auto file = folder.write("botsort.yaml", R"(
tracker_type: botsort
track_high_thresh: 0.6
track_low_thresh: 0.1
new_track_thresh: 0.7
track_buffer: 30
match_thresh: 0.8
fuse_score: True
gmc_method: sparseOptFlow
proximity_thresh: 0.5
appearance_thresh: 0.75
with_reid: True
model: auto
)");
  const auto notes = apply_yaml(theirs, file);
  Config ours;
  apply_yaml(ours, configs / "botsort.yaml");
  count_frames(ours.tracker, 30);
  EXPECT_THAT(notes,
              ElementsAre(file.string() +
                          ": model has no effect: the embeddings are computed from the detector's feature maps"));
  EXPECT_EQ(dump_of(theirs.tracker), dump_of(ours.tracker));
}

TEST(UltralyticsTracker, EveryKeyIsMappedOrNamed) {
  const TemporaryFolder folder;
  Config config;
  config.tracker.gallery = 7;  // earlier settings are replaced
  config.detector.imgsz = 960;
  const auto notes = apply_yaml(config, folder.write("x.yaml", R"(
tracker_type: botsort
track_high_thresh: 0.25
track_low_thresh: 0.15
new_track_thresh: 0.3
track_buffer: 60
match_thresh: 0.7
fuse_score: False
gmc_method: orb
proximity_thresh: 0.5
appearance_thresh: 0.8
with_reid: False
model: auto
)"));
  EXPECT_THAT(notes, ElementsAre(HasSubstr("gmc_method"), HasSubstr("proximity_thresh has no effect"),
                                 HasSubstr("appearance_thresh has no effect"), HasSubstr("model has no effect")));
  EXPECT_EQ(config.detector.imgsz, 960);
  EXPECT_EQ(config.tracker.gallery, 0);
  ASSERT_EQ(config.tracker.stages.size(), 3U);
  const auto& [confident, faint, tentative] =
      std::tie(config.tracker.stages[0], config.tracker.stages[1], config.tracker.stages[2]);
  EXPECT_FLOAT_EQ(confident.min_score, 0.25F);
  EXPECT_FLOAT_EQ(confident.limit, 0.7F);
  EXPECT_FALSE(confident.fuse_score);
  EXPECT_EQ(confident.appearance, AppearanceMode::none);
  EXPECT_FLOAT_EQ(faint.min_score, 0.15F);
  EXPECT_FLOAT_EQ(faint.max_score, 0.25F);
  EXPECT_FLOAT_EQ(tentative.min_score, 0.25F);
  EXPECT_FLOAT_EQ(config.tracker.birth_score, 0.3F);
  EXPECT_EQ(config.tracker.min_misses, 60);
  EXPECT_EQ(config.tracker.max_age_s, 0);
  EXPECT_EQ(config.tracker.camera_motion, CameraMotion::flow);
}

TEST(UltralyticsTracker, ByteTrackNamesUnknownKeys) {
  const TemporaryFolder folder;
  Config config;
  const auto notes = apply_yaml(config, folder.write("x.yaml", "tracker_type: bytetrack\ngmc_method: ecc\n"));
  EXPECT_THAT(notes, ElementsAre(HasSubstr("gmc_method has no effect")));
  EXPECT_EQ(config.tracker.camera_motion, CameraMotion::none);
}

TEST(UltralyticsTracker, AnEmptyMotionMethodIsNone) {
  const TemporaryFolder folder;
  Config config;
  apply_yaml(config, folder.write("x.yaml", "tracker_type: botsort\ngmc_method:\n"));
  EXPECT_EQ(config.tracker.camera_motion, CameraMotion::none);
}

TEST(UltralyticsTracker, MessagesSayWhatTheFileIs) {
  const TemporaryFolder folder;
  const auto error_of = [&](const std::string& yaml) {
    Config config;
    return test::message_of([&] { apply_yaml(config, folder.write("x.yaml", yaml)); });
  };
  const auto boxmot = error_of("track_high_thresh:\n  type: uniform\n  default: 0.6\n  range: [0.3, 0.7]\n");
  EXPECT_THAT(boxmot,
              HasSubstr("x.yaml:1: 'track_high_thresh' has a type, a default and a range: this is a BoxMOT file"));
  EXPECT_THAT(boxmot, HasSubstr("'track_high_thresh: 0.6'"));
  EXPECT_THAT(error_of("tracker_type: botsort\ntrack_buffer: {type: randint, default: 30, range: [10, 60]}\n"),
              HasSubstr("x.yaml:2: 'track_buffer' has a type"));
  EXPECT_THAT(
      error_of("# mine\ntrack_buffer: 30\n"),
      HasSubstr("x.yaml:2: 'track_buffer' is a key of Ultralytics' tracker files, but there is no tracker_type"));
  EXPECT_THAT(error_of("tracker_type: botsort\ntrack_buffer:\n"), HasSubstr("nothing is not a whole number"));
  EXPECT_THAT(error_of("tracker_type:\n"), HasSubstr("nothing is not one of: botsort, bytetrack"));
  EXPECT_THAT(error_of("tracker_type: {a: 1}\n"), HasSubstr("a map is not one of: botsort, bytetrack"));
  EXPECT_THAT(error_of("tracker_type: [a]\n"), HasSubstr("a list is not one of: botsort, bytetrack"));
}

TEST(UltralyticsTracker, NoneHasTwoSpellingsOfWhichOneIsListed) {
  const TemporaryFolder folder;
  for (const std::string spelling : {"none", "None"}) {
    Config config;
    apply_yaml(config, folder.write("x.yaml", "tracker_type: botsort\ngmc_method: " + spelling + "\n"));
    EXPECT_EQ(config.tracker.camera_motion, CameraMotion::none) << spelling;
  }
  Config config;
  const auto file = folder.write("x.yaml", "tracker_type: botsort\ngmc_method: no\n");
  EXPECT_EQ(test::message_of([&] { apply_yaml(config, file); }),
            file.string() + ":2: tracker.gmc_method: 'no' is not one of: sparseOptFlow, ecc, orb, sift, none");
}

TEST(UltralyticsTracker, ErrorsNameFileLineAndKey) {
  const TemporaryFolder folder;
  const auto error_of = [&](const std::string& yaml) -> std::string {
    Config config;
    try {
      apply_yaml(config, folder.write("x.yaml", yaml));
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(error_of("tracker_type: deepocsort\n"), HasSubstr("x.yaml:1: tracker.tracker_type: 'deepocsort'"));
  EXPECT_THAT(error_of("tracker_type: botsort\nmatch_tresh: 0.8\n"),
              HasSubstr("x.yaml:2: tracker: unknown key 'match_tresh' (did you mean 'match_thresh'?)"));
  EXPECT_THAT(error_of("tracker_type: botsort\nmatch_thresh: 8\n"), HasSubstr("out of range"));
}

}  // namespace
}  // namespace onepass::config
