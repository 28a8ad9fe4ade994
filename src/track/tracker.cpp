#include "onepass/tracker.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "track/display.hpp"
#include "track/explain/event_recorder.hpp"
#include "track/lifecycle.hpp"
#include "track/match/association.hpp"
#include "track/memory/recognition.hpp"
#include "track/motion/camera_motion.hpp"
#include "track/motion/clock.hpp"
#include "track/motion/image_motion.hpp"
#include "track/record/observations.hpp"

namespace onepass {
namespace {

double checked_frame_rate(double frame_rate) {
  if (std::isfinite(frame_rate) && frame_rate > 0) return frame_rate;
  throw std::runtime_error(fmt::format("tracker: invalid frame rate {}; it must be finite and above 0", frame_rate));
}

}  // namespace

struct Tracker::State {
  State(const TrackerConfig& tracker_config, double frame_rate, std::shared_ptr<Memory> memory);

  void begin_frame(std::span<const Detection> detections, const Frame& frame);
  void predict();
  void follow_resolution();
  void compensate_camera(const Frame& frame);
  void match(const StageConfig& stage);
  void take(const StageConfig& stage, std::span<const track::Match> matches);
  void start();
  void recognize();
  void expire();

  void follow_boxes();
  void warp_all(const track::Warp& warp);
  void confirm(track::TrackRecord& track);
  template <typename Ends>
  void end_where(const char* reason, Ends ends);
  track::Shift shift_of_boxes();

  const TrackerConfig config;
  track::MotionModel motion{config};
  track::Clock clock;
  track::Lifecycle lifecycle{config, motion};
  track::Appearance appearance{config};
  track::Association association{config, motion};
  std::optional<track::WarpFile> warps;
  std::optional<track::ImageMotion> image_motion;
  track::BoxMotion box_motion;
  std::optional<track::EventRecorder> recorder;   ///< only with an event handler
  std::optional<track::Recognition> recognition;  ///< only with a memory

  track::Scene scene;
  cv::Size previous_size;                 ///< size of the previous frame
  double passed_frames = 0;               ///< time since the previous frame, in frames at the nominal rate
  std::optional<double> usual_gap_s;      ///< time between the last two frames; none before the second frame
  std::int64_t frames = 0;                ///< number of frames so far
  std::int64_t frame_index = 0;           ///< position of this frame in the source
  std::int64_t previous_frame_index = 0;  ///< position of the previous frame in the source
  std::int64_t identities = 0;
  std::vector<Rectangle> steady_boxes, sure_boxes, object_boxes;  ///< buffers for camera motion
};

Tracker::State::State(const TrackerConfig& tracker_config, double frame_rate, std::shared_ptr<Memory> memory)
    : config(tracker_config), clock(checked_frame_rate(frame_rate)) {
  if (config.camera_motion == CameraMotion::file) warps.emplace(config.camera_motion_file);
  if (track::reads_images(config.camera_motion)) image_motion.emplace(config.camera_motion);
  if (!memory && config.memory.enabled) memory = std::make_shared<Memory>(config.memory);
  if (memory) recognition.emplace(config.memory, std::move(memory));
  scene.frame_s = clock.frame_s();
}

template <typename Ends>
void Tracker::State::end_where(const char* reason, Ends ends) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < scene.tracks.size(); ++i) {
    auto& track = scene.tracks[i];
    if (ends(track)) {
      if (recorder) recorder->ended(track, scene, frame_index, reason);
      const bool is_itself = reason != std::string_view("duplicate");  // a duplicate belongs to a track that continues
      if (recognition && is_itself) recognition->remember(track);
    } else {
      if (kept != i) scene.tracks[kept] = std::move(track);
      ++kept;
    }
  }
  scene.tracks.erase(scene.tracks.begin() + static_cast<std::ptrdiff_t>(kept), scene.tracks.end());
}

void Tracker::State::begin_frame(std::span<const Detection> detections, const Frame& frame) {
  const double passed_s = clock.advance(frame.time);
  passed_frames = passed_s / clock.frame_s();
  scene.now_s = clock.now_s();
  previous_size = std::exchange(scene.size, frame.size.empty() ? frame.image.size() : frame.size);
  previous_frame_index = std::exchange(frame_index, frame.index);
  const bool broken_off = lifecycle.breaks_off(passed_s, std::exchange(usual_gap_s, passed_s));
  if (frames == 0) usual_gap_s.reset();  // the first frame has no gap before it
  if (broken_off) end_where("break", [](const track::TrackRecord&) { return true; });
  track::observe(detections, scene.observations);
  scene.index.build(scene.observations);
  appearance.begin_frame(detections, scene.observations, scene.tracks);
  if (recognition) recognition->begin_frame(detections, scene);
  ++frames;
}

void Tracker::State::predict() {
  for (auto& track : scene.tracks) {
    motion.predict(track.filter, passed_frames,
                   track.frames_since_update > 0 ? track::Visibility::lost : track::Visibility::seen);
    track.box = motion.box(track.filter);
    track.direction.next_frame();
    track.detection = -1;
    ++track.frames_since_update;  // reset when a stage matches the track
    ++track.age_frames;
  }
}

/// Scales the tracks if the resolution of the stream has changed, e.g. after a camera reconnected.
void Tracker::State::follow_resolution() {
  if (previous_size.empty() || scene.size.empty() || previous_size == scene.size) return;
  warp_all({static_cast<double>(scene.size.width) / previous_size.width, 0, 0, 0,
            static_cast<double>(scene.size.height) / previous_size.height, 0});
}

void Tracker::State::compensate_camera(const Frame& frame) {
  if (warps && frames > 1) warp_all(warps->between(previous_frame_index, frame_index));
  if (image_motion) {
    object_boxes.clear();
    for (const auto& observation : scene.observations) object_boxes.push_back(observation.box);
    warp_all(image_motion->estimate(frame.image, object_boxes));
  }
  if (config.camera_motion == CameraMotion::boxes) follow_boxes();
}

void Tracker::State::follow_boxes() {
  constexpr double velocity_share = 0.5;  // part of the camera's motion that is expected to continue
  const auto shift = shift_of_boxes();
  warp_all({1, 0, shift.x, 0, 1, shift.y});
  for (auto& track : scene.tracks) {
    track.filter[0].velocity += velocity_share * shift.x / passed_frames;
    track.filter[1].velocity += velocity_share * shift.y / passed_frames;
  }
}

void Tracker::State::warp_all(const track::Warp& warp) {
  for (auto& track : scene.tracks) {
    motion.warp(track.filter, warp);
    motion.warp(track.at_observation, warp);
    track.direction.warp(warp);
    track.observed = track::warped(track.observed, warp);
    track.box = motion.box(track.filter);
  }
}

track::Shift Tracker::State::shift_of_boxes() {
  constexpr int steady_hits = 5;
  constexpr double sure_score = 0.6;
  steady_boxes.clear();
  for (const auto& track : scene.tracks) {
    const bool steady = track.confirmed() && track.frames_since_update <= 2 && track.hits >= steady_hits;
    if (steady) steady_boxes.push_back(track.box);
  }
  sure_boxes.clear();
  for (const auto& observation : scene.observations) {
    if (observation.score >= sure_score) sure_boxes.push_back(observation.box);
  }
  return box_motion.estimate(steady_boxes, sure_boxes);
}

void Tracker::State::match(const StageConfig& stage) {
  association.offer(stage, scene);
  if (!stage.cascade) return take(stage, association.match(stage, scene, appearance));
  int oldest = 0;
  for (const auto& track : scene.tracks) oldest = std::max(oldest, track.frames_since_update);
  for (int age = 1; age <= oldest; ++age) take(stage, association.match(stage, scene, appearance, age));
}

void Tracker::State::take(const StageConfig& stage, std::span<const track::Match> matches) {
  if (stage.appearance == AppearanceMode::disambiguate) appearance.learn(scene.tracks, matches);
  for (const auto& match : matches) {
    auto& track = scene.tracks[match.track];
    if (recorder && track.frames_since_update > 1) recorder->recovered(stage, scene, frame_index, match);
    lifecycle.update(track, scene, appearance, match.observation);
    if (recognition) recognition->observe(track, scene, match.observation);
    if (!track.confirmed() && lifecycle.is_established(track)) confirm(track);
    scene.observations[match.observation].used = true;
  }
}

void Tracker::State::start() {
  const bool confirm_at_once = config.confirm_first_frame && frames == 1;
  for (std::size_t i = 0; i < scene.observations.size(); ++i) {
    const auto& observation = scene.observations[i];
    if (observation.used || observation.score < config.birth_score) continue;
    const int number = static_cast<int>(i);
    auto track = lifecycle.initiate(scene, appearance, number);
    if (recognition) recognition->observe(track, scene, number);
    if (recorder) track.birth = std::make_unique<TrackEvent>(recorder->explain_birth(scene, frame_index, number));
    if (confirm_at_once || lifecycle.is_established(track)) confirm(track);
    scene.tracks.push_back(std::move(track));
  }
}

void Tracker::State::confirm(track::TrackRecord& track) {
  if (recognition) {
    track.waiting = true;  // recognize() assigns the id
    return;
  }
  track.id = ++identities;
  if (recorder) recorder->confirmed(track);
}

void Tracker::State::recognize() {
  for (const auto& verdict : recognition->recognize(scene)) {
    const auto& track = scene.tracks[verdict.track];
    if (recorder && !verdict.recollection) recorder->confirmed(track);
    if (recorder && verdict.recollection) {
      recorder->came_back(track, scene, frame_index, *verdict.recollection, verdict.absent_s);
    }
  }
}

void Tracker::State::expire() {
  if (config.max_duplicate_iou < 1) {
    const auto duplicates = track::find_duplicates(scene, config.max_duplicate_iou);
    end_where("duplicate", [&, number = 0](const track::TrackRecord&) mutable {
      return std::ranges::binary_search(duplicates, number++);
    });
  }
  end_where("age", [this](const track::TrackRecord& track) { return lifecycle.is_over(track, scene); });
}

Tracker::Tracker(const TrackerConfig& config, double frame_rate, std::shared_ptr<Memory> memory)
    : state_(std::make_unique<State>(config, frame_rate, std::move(memory))) {}
Tracker::~Tracker() = default;
Tracker::Tracker(Tracker&&) noexcept = default;
Tracker& Tracker::operator=(Tracker&&) noexcept = default;

std::vector<Track> Tracker::update(std::span<const Detection> detections, const Frame& frame) {
  state_->begin_frame(detections, frame);
  state_->predict();
  state_->follow_resolution();
  state_->compensate_camera(frame);
  for (const auto& stage : state_->config.stages) state_->match(stage);
  state_->start();
  if (state_->recognition) state_->recognize();
  state_->expire();
  return track::tracks_to_show(state_->config, state_->scene);
}

void Tracker::expect(const EmbeddingDistances& distances) {
  if (state_->frames == 0) state_->appearance.expect(distances);
}

void Tracker::on_event(TrackEventHandler handler) {
  state_->recorder.reset();
  if (handler) state_->recorder.emplace(state_->config, state_->association, state_->appearance, std::move(handler));
}

std::int64_t Tracker::identity_count() const {
  return state_->recognition ? state_->recognition->identity_count() : state_->identities;
}

void Tracker::finish() {
  if (!state_->recognition) return;
  for (const auto& track : state_->scene.tracks) state_->recognition->remember(track);
  state_->scene.tracks.clear();
}

}  // namespace onepass
