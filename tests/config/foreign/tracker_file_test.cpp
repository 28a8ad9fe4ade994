#include "config/foreign/tracker_file.hpp"

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
  EXPECT_THAT(notes,
              ElementsAre(HasSubstr("gmc_method: orb and sift are not available"),
                          HasSubstr("proximity_thresh, appearance_thresh have no effect: appearance is not used"),
                          HasSubstr("model has no effect")));
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
  EXPECT_THAT(
      error_of("# mine\ntrack_buffer: 30\n"),
      HasSubstr("x.yaml:2: 'track_buffer' is a key of the tracker files of Ultralytics and BoxMOT, but the file "
                "does not say which tracker it is for; add 'tracker_type: botsort'"));
  EXPECT_THAT(error_of("tracker_type: botsort\ntrack_buffer:\n"), HasSubstr("nothing is not a whole number"));
  const std::string all = "botsort, bytetrack, ocsort, deepocsort, fasttrack, tracktrack";
  EXPECT_THAT(error_of("tracker_type:\n"), HasSubstr("nothing is not one of: " + all));
  EXPECT_THAT(error_of("tracker_type: {a: 1}\n"), HasSubstr("a map is not one of: " + all));
  EXPECT_THAT(error_of("tracker_type: [a]\n"), HasSubstr("a list is not one of: " + all));
  EXPECT_THAT(
      error_of("tracker_type: fastrack\n"),
      HasSubstr("x.yaml:1: tracker.tracker_type: 'fastrack' is not one of: " + all + " (did you mean 'fasttrack'?)"));
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
  EXPECT_THAT(error_of("tracker_type: botsort\nmatch_tresh: 0.8\n"),
              HasSubstr("x.yaml:2: tracker: unknown key 'match_tresh' (did you mean 'match_thresh'?)"));
  EXPECT_THAT(error_of("tracker_type: botsort\nmatch_thresh: 8\n"), HasSubstr("out of range"));
}

StageConfig stage_of(const TrackerConfig& tracker, const std::string& name) {
  for (const auto& stage : tracker.stages) {
    if (stage.name == name) return stage;
  }
  return {.name = "there is no stage " + name};
}

TEST(UltralyticsTracker, OcSortHasAStageForLowScoresOnlyWithByte) {
  const TemporaryFolder folder;
  const std::string keys =
      "tracker_type: ocsort\ntrack_high_thresh: 0.25\ntrack_low_thresh: 0.15\nnew_track_thresh: 0.3\n"
      "track_buffer: 40\nmatch_thresh: 0.7\nfuse_score: True\ndelta_t: 3\ninertia: 0.3\n";
  Config config;
  EXPECT_THAT(apply_yaml(config, folder.write("x.yaml", keys + "use_byte: False\n")), IsEmpty());
  EXPECT_EQ(config.tracker.stages.size(), 3U);
  EXPECT_FLOAT_EQ(config.tracker.stages[0].direction_weight, 0.3F);
  EXPECT_FLOAT_EQ(config.tracker.stages[0].limit, 0.85F) << "a neutral direction costs 0.15";
  EXPECT_FLOAT_EQ(stage_of(config.tracker, "last observation").min_score, 0.25F);
  EXPECT_EQ(config.tracker.min_misses, 40);
  EXPECT_THAT(apply_yaml(config, folder.write("x.yaml", keys + "use_byte: True\n")), IsEmpty());
  const auto faint = stage_of(config.tracker, "faint");
  EXPECT_FLOAT_EQ(faint.min_score, 0.15F);
  EXPECT_FLOAT_EQ(faint.max_score, 0.25F);
}

TEST(UltralyticsTracker, DeepOcSortUsesAppearanceOnlyWithReid) {
  const TemporaryFolder folder;
  const std::string keys =
      "tracker_type: deepocsort\ngmc_method: ecc\nproximity_thresh: 0.4\nappearance_thresh: 0.9\n"
      "alpha_fixed_emb: 0.97\ndelta_t: 5\nwith_reid: ";
  Config config;
  EXPECT_THAT(apply_yaml(config, folder.write("x.yaml", keys + "True\n")),
              ElementsAre(HasSubstr("delta_t has no effect: directions are measured over three frames")));
  EXPECT_EQ(config.tracker.camera_motion, CameraMotion::ecc);
  EXPECT_EQ(config.tracker.stages[0].appearance, AppearanceMode::min);
  EXPECT_FLOAT_EQ(config.tracker.stages[0].max_appearance, 0.1F);
  EXPECT_FLOAT_EQ(config.tracker.stages[0].min_appearance_iou, 0.4F);
  EXPECT_FLOAT_EQ(config.tracker.embedding_momentum, 0.97F);
  EXPECT_THAT(apply_yaml(config, folder.write("x.yaml", keys + "False\n")),
              ElementsAre(HasSubstr("delta_t"), HasSubstr("alpha_fixed_emb have no effect: appearance is not used")));
  EXPECT_EQ(config.tracker.stages[0].appearance, AppearanceMode::none);
}

TEST(UltralyticsTracker, TrackTrackAndFastTrackAreMapped) {
  const TemporaryFolder folder;
  Config config;
  EXPECT_THAT(apply_yaml(config, folder.write("x.yaml", R"(
tracker_type: tracktrack
track_high_thresh: 0.5
track_low_thresh: 0.2
match_thresh: 0.65
lost_match_thr: 0.9
iou_weight: 0.5
reid_weight: 0.5
conf_weight: 0.15
angle_weight: 0.06
penalty_p: 0.25
penalty_q: 0.4
reduce_step: 0.04
tai_thr: 0.6
min_track_len: 2
with_reid: False
)")),
              ElementsAre(HasSubstr("penalty_q has no effect")));
  const auto& first = config.tracker.stages[0];
  EXPECT_FLOAT_EQ(first.sure_score, 0.5F);
  EXPECT_FLOAT_EQ(first.min_score, 0.2F);
  EXPECT_FLOAT_EQ(first.limit, 0.65F);
  EXPECT_FLOAT_EQ(first.score_weight, 0.15F);
  EXPECT_FLOAT_EQ(first.direction_weight, 0.06F);
  EXPECT_FLOAT_EQ(first.unsure_penalty, 0.25F);
  EXPECT_FLOAT_EQ(first.limit_step, 0.04F);
  EXPECT_EQ(first.appearance, AppearanceMode::none);
  EXPECT_EQ(stage_of(config.tracker, "lost").tracks, StageTracks::lost);
  EXPECT_FLOAT_EQ(stage_of(config.tracker, "lost").limit, 0.9F);
  EXPECT_FLOAT_EQ(config.tracker.birth_max_iou, 0.6F);
  EXPECT_EQ(config.tracker.confirm_hits, 2);

  EXPECT_THAT(apply_yaml(config, folder.write("x.yaml", R"(
tracker_type: fasttrack
reset_velocity_offset_occ: 5
reset_pos_offset_occ: 3
enlarge_bbox_occ: 1.2
dampen_motion_occ: 0.4
active_occ_to_lost_thresh: 9
occ_cover_thresh: 0.8
occ_reappear_window: 50
init_iou_suppress: 0.75
)")),
              ElementsAre(HasSubstr("reset_velocity_offset_occ, reset_pos_offset_occ have no effect")));
  EXPECT_FLOAT_EQ(config.tracker.covered_growth, 1.2F);
  EXPECT_FLOAT_EQ(config.tracker.covered_damping, 0.4F);
  EXPECT_EQ(config.tracker.covered_recent, 9);
  EXPECT_FLOAT_EQ(config.tracker.covered_share, 0.8F);
  EXPECT_EQ(config.tracker.covered_misses, 50);
  EXPECT_FLOAT_EQ(config.tracker.birth_max_iou, 0.75F);
}

TEST(BoxMotTracker, TheFileNameSaysTheTrackerAndDefaultsAreRead) {
  const TemporaryFolder folder;
  Config config;
  const auto notes = apply_yaml(config, folder.write("boosttrack.yaml", R"(
max_age: {type: randint, default: 45, range: [15, 90]}
min_hits: {type: randint, default: 2, range: [1, 5]}
det_thresh: {type: uniform, default: 0.5, range: [0.1, 0.9]}
iou_threshold: {type: uniform, default: 0.25, range: [0.1, 0.9]}
use_cmc:
  type: choice
  default: True
  options: [False, True]
  activates:
    cmc_method: {type: choice, default: sof, options: [sof, ecc]}
lambda_iou: {type: uniform, default: 0.6, range: [0.3, 2.0]}
use_dlo_boost: {type: choice, default: True, options: [False, True]}
dlo_boost_coef: {type: uniform, default: 0.7, range: [0.3, 2.0]}
use_sb: {type: choice, default: True, options: [False, True]}
use_vt: {type: choice, default: False, options: [False, True]}
use_duo_boost: {type: choice, default: False, options: [False, True]}
with_reid: {type: choice, default: False, options: [False, True]}
adaptive_kf: {default: False}
kf_time_unit: {default: null}
)"));
  EXPECT_THAT(notes, IsEmpty());
  const auto& tracker = config.tracker;
  EXPECT_EQ(tracker.min_misses, 45);
  EXPECT_EQ(tracker.tentative_misses, 45);
  EXPECT_EQ(tracker.confirm_hits, 3) << "two after the first one";
  EXPECT_EQ(tracker.return_hits, 2);
  EXPECT_FLOAT_EQ(tracker.birth_score, 0.5F);
  EXPECT_FLOAT_EQ(tracker.stages[0].min_score, 0.5F);
  EXPECT_FLOAT_EQ(tracker.stages[0].min_iou, 0.25F);
  EXPECT_FLOAT_EQ(tracker.stages[0].confidence_weight, 0.6F);
  EXPECT_EQ(tracker.stages[0].appearance, AppearanceMode::none);
  EXPECT_EQ(tracker.camera_motion, CameraMotion::flow);
  EXPECT_FLOAT_EQ(tracker.boost_blend, 0.7F);
  EXPECT_EQ(tracker.boost_factor, 0) << "the soft boost replaces it";
  EXPECT_EQ(tracker.boost_limit, 1);
  EXPECT_FALSE(tracker.boost_newcomers);
}

TEST(BoxMotTracker, OlderFilesHaveValuesAlone) {
  const TemporaryFolder folder;
  Config config;
  apply_yaml(config, folder.write("strongsort.yaml", "ema_alpha: 0.8\nmax_dist: 0.2\nmax_iou_distance: 0.6\n"));
  EXPECT_FLOAT_EQ(config.tracker.embedding_momentum, 0.8F);
  EXPECT_FLOAT_EQ(config.tracker.stages[0].max_appearance, 0.1F);
  EXPECT_NEAR(config.tracker.stages[0].limit, 0.2 + 0.02 * (1 - 13.28), 1e-6);
  EXPECT_FLOAT_EQ(stage_of(config.tracker, "tentative").limit, 0.6F);
}

TEST(BoxMotTracker, TheShareOfABoostIsThatOfThePackageUnlessTheFileSaysAnother) {
  const TemporaryFolder folder;
  const auto boost_of = [&](const std::string& tracker, const std::string& keys) {
    Config config;
    apply_yaml(config, folder.write(tracker + ".yaml", "max_age: 60\n" + keys));
    return std::vector<float>{config.tracker.boost_factor, config.tracker.boost_blend, config.tracker.boost_limit};
  };
  EXPECT_THAT(boost_of("boosttrack", "use_sb: true\n"), ElementsAre(0.0F, 0.65F, 0.95F));
  EXPECT_THAT(boost_of("occluboost", "use_sb: true\n"), ElementsAre(0.0F, 0.65F, 0.95F));
  EXPECT_THAT(boost_of("boosttrack", "use_sb: false\nuse_vt: false\n"), ElementsAre(0.65F, 1.0F, 1.0F));
  EXPECT_THAT(boost_of("boosttrack", "use_sb: false\nuse_vt: true\n"), ElementsAre(0.0F, 1.0F, 0.95F));
  EXPECT_THAT(boost_of("boosttrack", "dlo_boost_coef: 0.5\nuse_sb: true\nuse_vt: false\n"),
              ElementsAre(0.0F, 0.5F, 1.0F));
  EXPECT_THAT(boost_of("boosttrack", "use_sb: false\nuse_vt: false\ndlo_boost_coef: 0.5\n"),
              ElementsAre(0.5F, 1.0F, 1.0F));
  EXPECT_THAT(boost_of("boosttrack", "use_sb: true\nuse_dlo_boost: false\n"), ElementsAre(0.0F, 1.0F, 1.0F));
}

TEST(BoxMotTracker, AValueThatActivatesItselfIsAnErrorOfOneLine) {
  const TemporaryFolder folder;
  Config config;
  const auto file = folder.write("x.yaml", "tracker: bytetrack\ntrack_buffer: &a {default: 30, activates: *a}\n");
  EXPECT_THAT(test::message_of([&] { apply_yaml(config, file); }), HasSubstr("or a value activates itself"));
}

TEST(BoxMotTracker, PresetsNameTheirTracker) {
  const TemporaryFolder folder;
  Config config;
  apply_yaml(config, folder.write("mine.yaml", "tracker: occluboost\nmax_age: 100\ntentative_max_age: 2\n"));
  EXPECT_EQ(config.tracker.min_misses, 100);
  EXPECT_EQ(config.tracker.tentative_misses, 2);
}

TEST(BoxMotTracker, FilesOfOlderVersionsLoad) {
  const TemporaryFolder folder;
  Config config;
  auto notes = apply_yaml(config, folder.write("bytetrack.yaml", R"(bytetrack:
  track_thresh: 0.5  # tracking confidence threshold
  track_buffer: 40
  match_thresh: 0.8
  frame_rate: 30
  conf_thres: 0.5122620708221085
  min_box_area: 10
  mot20: False
)"));
  EXPECT_THAT(notes, ElementsAre(HasSubstr("min_box_area has no effect: boxes are not left out by their size"),
                                 HasSubstr("conf_thres has no effect: what the detector returns is limited by")));
  EXPECT_FLOAT_EQ(stage_of(config.tracker, "confident").min_score, 0.5F);
  EXPECT_EQ(config.tracker.min_misses, 40);

  notes = apply_yaml(config, folder.write("botsort.yaml", "conf_thres: 0\nlambda_: 0.98\nmatch_thresh: 0.7\n"));
  EXPECT_THAT(notes, ElementsAre(HasSubstr("lambda_ has no effect")));
  EXPECT_FLOAT_EQ(config.tracker.stages.front().limit, 0.7F);

  notes = apply_yaml(config, folder.write("deepocsort.yaml", "conf: 0.5\ndet_thresh: 0.4\nnew_kf_off: false\n"));
  EXPECT_THAT(notes, ElementsAre(HasSubstr("conf has no effect")));
  EXPECT_FLOAT_EQ(config.tracker.birth_score, 0.4F);

  notes = apply_yaml(config, folder.write("strongsort.yaml", "strongsort:\n  ecc: false\n  max_dist: 0.2\n"));
  EXPECT_THAT(notes, IsEmpty());
  EXPECT_EQ(config.tracker.camera_motion, CameraMotion::none);

  notes = apply_yaml(config, folder.write("imprassoc.yaml", R"(appearance_thresh: 0.25
frame_rate: 30
max_age: 30
overlap_thresh: 0.55
track_buffer: 35
)"));
  EXPECT_THAT(notes, ElementsAre(HasSubstr("max_age has no effect: track_buffer is")));
  EXPECT_FLOAT_EQ(config.tracker.birth_max_iou, 0.55F);
  EXPECT_EQ(config.tracker.min_misses, 35);

  apply_yaml(config,
             folder.write("hybridsort-sportsmot.yaml", "tcm_first_step_weight: 0.75\neg_weight_high_score: 1\n"));
  EXPECT_FLOAT_EQ(stage_of(config.tracker, "overlap").score_weight, 0.75F);
  apply_yaml(config, folder.write("botsort_mot17_ablation.yaml", "track_buffer: 70\n"));
  EXPECT_EQ(config.tracker.min_misses, 70);
}

TEST(BoxMotTracker, ErrorsNameTheNearestTracker) {
  const TemporaryFolder folder;
  const auto error_of = [&](const std::string& name, const std::string& yaml) {
    Config config;
    return test::message_of([&] { apply_yaml(config, folder.write(name, yaml)); });
  };
  EXPECT_THAT(
      error_of("bostrack.yaml", "max_age: {default: 3}\n"),
      HasSubstr("bostrack.yaml: this is a BoxMOT file, whose name says the tracker; 'bostrack' is not one of: "
                "botsort, imprassoc, bytetrack, ocsort, deepocsort, hybridsort, strongsort, boosttrack, occluboost, "
                "sfsort "
                "(did you mean 'boosttrack'?)"));
  EXPECT_THAT(error_of("x.yaml", "tracker: strongsor\n"),
              HasSubstr("x.yaml:1: tracker.tracker: 'strongsor' is not one of:"));
  EXPECT_THAT(error_of("ocsort.yaml", "max_agee: {default: 3}\n"),
              HasSubstr("ocsort.yaml:1: tracker: unknown key 'max_agee' (did you mean 'max_age'?)"));
  EXPECT_THAT(error_of("ocsort.yaml", "max_age: {default: many}\n"),
              HasSubstr("ocsort.yaml:1: tracker.max_age: 'many' is not a whole number"));
}

}  // namespace
}  // namespace onepass::config
