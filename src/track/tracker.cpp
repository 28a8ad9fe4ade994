#include "onepass/tracker.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "track/camera_compensation.hpp"
#include "track/covering.hpp"
#include "track/display.hpp"
#include "track/explain/event_recorder.hpp"
#include "track/lifecycle.hpp"
#include "track/match/appearance_policy.hpp"
#include "track/match/comparison.hpp"
#include "track/match/motion_learner.hpp"
#include "track/match/score_boost.hpp"
#include "track/memory/recognition.hpp"
#include "track/motion/clock.hpp"

namespace onepass {
namespace {

double checked_frame_rate(double frame_rate) {
  if (std::isfinite(frame_rate) && frame_rate > 0) return frame_rate;
  throw std::invalid_argument(fmt::format("tracker: invalid frame rate {}; it must be finite and above 0", frame_rate));
}

}  // namespace

struct Tracker::State {
  State(const TrackerConfig& tracker_config, double frame_rate, std::shared_ptr<Memory> memory);

  void begin_frame(std::span<const Detection> detections, const Frame& frame);
  void predict();
  void match(const StageConfig& stage);
  std::vector<int> births() const;
  void start();
  void identify(std::span<const Detection> detections);
  void expire();
  void end_frame();
  void remove_ended();

  void take(const StageConfig& stage, std::span<const track::Match> matches);
  void confirm(track::TrackRecord& track);
  void end(std::size_t number, track::EndReason reason);

  const TrackerConfig config;
  const StageConfig* const learning_stage = track::teaching_stage(config.stages);
  track::MotionModel motion{config};
  track::Clock clock;
  track::CameraCompensation camera{config, motion};
  track::Lifecycle lifecycle{config, motion};
  track::Appearance appearance{config};
  track::ScoreBoost boost{config, motion};
  track::Association association{config, motion};
  track::MotionLearner motion_learner{motion};
  std::optional<track::Recognition> recognition;  ///< only with a memory
  std::optional<track::EventRecorder> recorder;   ///< only with an event handler

  track::Scene scene;
  track::FrameChanges changes;        ///< so far in this frame
  double passed_steps = 0;            ///< time since the previous frame, in units of scene.step_s
  std::optional<double> usual_gap_s;  ///< time between the last two frames; none before the second frame
  std::int64_t frames = 0;            ///< number of frames so far
  std::int64_t frame_index = 0;       ///< position of this frame in the source
  std::int64_t serials = 0;           ///< number of tracks started so far
  std::int64_t identities = 0;        ///< number of ids given by this tracker
};

Tracker::State::State(const TrackerConfig& tracker_config, double frame_rate, std::shared_ptr<Memory> memory)
    : config(tracker_config), clock(checked_frame_rate(frame_rate)) {
  if (!memory && config.memory.enabled) memory = std::make_shared<Memory>(config.memory);
  if (memory) recognition.emplace(config.memory, std::move(memory));
  scene.frame_s = clock.frame_s();
  scene.step_s = config.noise_rate > 0 ? 1 / config.noise_rate : clock.frame_s();
}

std::vector<Track> Tracker::update(std::span<const Detection> detections, const Frame& frame) {
  auto& state = *state_;
  state.begin_frame(detections, frame);
  state.predict();
  state.camera.apply(state.scene, frame, state.passed_steps);
  state.boost.apply(state.scene);
  for (const auto& stage : state.config.stages) state.match(stage);
  track::mark_covered(state.config, state.motion, state.scene);
  state.start();
  state.identify(detections);
  state.expire();
  state.end_frame();
  return track::tracks_to_show(state.config, state.scene, detections);
}

/// Reads time, observations and embeddings. If the stream has broken off, all tracks end first.
void Tracker::State::begin_frame(std::span<const Detection> detections, const Frame& frame) {
  remove_ended();  // there are some if the event handler threw in the previous frame
  if (recognition) recognition->give_up(scene);
  const double passed_s = clock.advance(frame.time);
  passed_steps = passed_s / scene.step_s;
  scene.now_s = clock.now_s();
  scene.size = frame.size.empty() ? frame.image.size() : frame.size;
  frame_index = frame.index;
  const bool broken_off = lifecycle.breaks_off(passed_s, std::exchange(usual_gap_s, passed_s));
  if (frames == 0) usual_gap_s.reset();  // the first frame has no gap before it
  if (broken_off) {
    for (std::size_t i = 0; i < scene.tracks.size(); ++i) end(i, track::EndReason::stream_break);
    end_frame();
  }
  track::observe(detections, scene.observations);
  scene.index.build(scene.observations);
  appearance.begin_frame(detections, scene.observations, scene.tracks);
  ++frames;
}

void Tracker::State::predict() {
  for (auto& track : scene.tracks) {
    const auto visibility = track.frames_since_update > 0 ? track::Visibility::lost : track::Visibility::seen;
    motion.predict(track.filter, passed_steps, visibility);
    if (config.learn_motion) motion.predict(track.agile, passed_steps, visibility);
    track.box = motion.box(track.filter, track.agile, scene.traits.agility);
    if (track.rotation) track::predict(*track.rotation, passed_steps);
    track.direction.next_frame();
    track.detection = -1;
    ++track.frames_since_update;  // reset when a stage matches the track
    ++track.age_frames;
  }
}

void Tracker::State::match(const StageConfig& stage) {
  association.offer(stage, scene);
  if (!stage.cascade) return take(stage, association.match(stage, scene, appearance));
  int oldest = 0;
  for (const auto& track : scene.tracks) oldest = std::max(oldest, track.frames_since_update);
  for (int age = 1; age <= oldest; ++age) take(stage, association.match(stage, scene, appearance, age));
}

/// Updates the tracks with their matches.
void Tracker::State::take(const StageConfig& stage, std::span<const track::Match> matches) {
  if (&stage == learning_stage) appearance.learn(scene.tracks, matches);
  if (config.learn_motion) motion_learner.learn(stage, scene, matches);
  for (const auto& match : matches) {
    auto& track = scene.tracks[match.track];
    track::FrameChanges::Matched matched{match.track, match.observation, 0, scene.lost_s(track), {}};
    const bool is_recovery = track.id > 0 && track.frames_since_update > 1;
    if (recorder && is_recovery) matched.recovery = compare_match(stage, scene, appearance, match);
    lifecycle.update(track, scene, appearance, match.observation);
    if (!track.confirmed && lifecycle.is_established(track)) confirm(track);
    scene.observations[match.observation].used = true;
    matched.id = track.id;
    changes.matched.push_back(std::move(matched));
  }
}

/// The unmatched observations with a score of at least birth_score; with a birth_max_iou in order of score.
std::vector<int> Tracker::State::births() const {
  std::vector<int> numbers;
  for (std::size_t i = 0; i < scene.observations.size(); ++i) {
    const auto& observation = scene.observations[i];
    if (!observation.used && observation.score >= config.birth_score) numbers.push_back(static_cast<int>(i));
  }
  if (config.birth_max_iou < 1) {
    std::ranges::stable_sort(numbers, std::greater{}, [this](int number) { return scene.observations[number].score; });
  }
  return numbers;
}

/// Starts a track at every one of births(), unless it overlaps a used observation by more than birth_max_iou.
void Tracker::State::start() {
  for (const int number : births()) {
    auto& observation = scene.observations[number];
    if (track::repeats_a_used_one(scene, observation, config.birth_max_iou)) continue;
    const bool confirm_at_once =
        (config.confirm_first_frame && frames == 1) || observation.score > config.confirm_at_once_score;
    track::FrameChanges::Started started{static_cast<int>(scene.tracks.size()), number, 0, {}};
    if (recorder) {
      started.rival = compare_rival(config.stages, association, scene, appearance, number);
      started.others =
          compare_others(config.stages, association, scene, appearance, number, started.rival ? started.rival->id : 0);
    }
    auto track = lifecycle.initiate(scene, appearance, number);
    track.serial = ++serials;
    if (confirm_at_once || lifecycle.is_established(track)) confirm(track);
    started.id = track.id;
    observation.used = true;
    scene.tracks.push_back(std::move(track));
    changes.started.push_back(std::move(started));
  }
}

void Tracker::State::confirm(track::TrackRecord& track) {
  track.confirmed = true;
  if (!recognition) track.id = ++identities;  // with a memory, identify() gives the id
}

void Tracker::State::identify(std::span<const Detection> detections) {
  if (recognition) recognition->identify(detections, scene, changes);
}

void Tracker::State::expire() {
  if (config.max_duplicate_iou < 1) {
    for (const int number : track::find_duplicates(scene, config.max_duplicate_iou)) {
      end(static_cast<std::size_t>(number), track::EndReason::duplicate);
    }
  }
  for (std::size_t i = 0; i < scene.tracks.size(); ++i) {
    auto& track = scene.tracks[i];
    if (!lifecycle.is_over(track, scene)) continue;
    track.faded = lifecycle.may_be_recovered(track, scene, appearance);
    if (!track.faded) end(i, track::EndReason::age);
  }
}

void Tracker::State::end(std::size_t number, track::EndReason reason) {
  auto& track = scene.tracks[number];
  if (std::exchange(track.ended, true)) return;
  changes.ended.push_back({static_cast<int>(number), reason});
}

/// Tells the memory and the explanation what has changed, and removes the tracks that have ended.
void Tracker::State::end_frame() {
  if (config.learn_motion) scene.traits = motion_learner.traits();
  if (recognition) recognition->remember(scene, changes);
  if (recorder) recorder->report(changes, scene, frame_index);
  remove_ended();
}

void Tracker::State::remove_ended() {
  std::erase_if(scene.tracks, [](const track::TrackRecord& track) { return track.ended; });
  changes.clear();
}

Tracker::Tracker(const TrackerConfig& config, double frame_rate, std::shared_ptr<Memory> memory)
    : state_(std::make_unique<State>(config, frame_rate, std::move(memory))) {}
Tracker::~Tracker() = default;
Tracker::Tracker(Tracker&&) noexcept = default;
Tracker& Tracker::operator=(Tracker&&) noexcept = default;

void Tracker::expect(const EmbeddingDistances& distances) {
  if (state_->frames == 0) state_->appearance.expect(distances);
}

void Tracker::on_event(TrackEventHandler handler) {
  if (!handler) {
    state_->recorder.reset();
  } else if (state_->recorder) {
    state_->recorder->set_handler(std::move(handler));
  } else {
    state_->recorder.emplace(std::move(handler));
  }
}

std::int64_t Tracker::identity_count() const {
  return state_->recognition ? state_->recognition->identity_count() : state_->identities;
}

void Tracker::finish() {
  if (!state_->recognition) return;
  state_->remove_ended();
  state_->recognition->remember_all(state_->scene);
  state_->scene.tracks.clear();
  if (state_->recorder) state_->recorder->forget_births();
}

}  // namespace onepass
