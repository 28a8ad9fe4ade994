// Generates and renders synthetic streets and squares with ground truth.
#pragma once

#include <string>
#include <vector>

#include "scene/ground.hpp"

namespace onepass::scene {

enum class CameraMotion { steady, pan, handheld, shaking };
enum class Lighting { day, overcast, dusk, night };

/// The same settings give the same bytes, regardless of the number of threads.
struct SceneSettings {
  std::uint64_t seed = 1;
  cv::Size size{640, 384};
  double frame_rate = 25;
  int frames = 250;
  int objects = 20;            ///< people, cars, trucks and cyclists over the whole clip
  double vehicle_share = 0.2;  ///< share of the objects that are vehicles or cyclists; the others walk
  CameraMotion camera = CameraMotion::steady;
  Lighting lighting = Lighting::day;
  double lighting_change = 0;  ///< share of the light that clouds remove at most
  double camera_height_m = 5;
  double field_of_view_deg = 60;  ///< horizontal
  double tallest = 0.45;          ///< height of the nearest people, relative to the image
  double shortest = 0.12;         ///< height of the farthest people, likewise
  double foreground = 1;          ///< distance of the ground at the lower image border, relative to the nearest people
  double cyclist_share = 0.3;     ///< share of the vehicles that are bicycles with a rider
  double dancing_share = 0;       ///< share of the walkers who dance, close together
  double playing_share = 0;       ///< share of the walkers who run after a ball
  double resident_share = 0.5;    ///< share of the other walkers who do not return that stay in view
  double returning_share = 0;     ///< share of the other walkers that leave and return
  double absence_s = 4;           ///< time that returning walkers are away
  double group_share = 0.25;      ///< share of the walkers that walk beside another
  double alike_share = 0.1;       ///< share of the walkers dressed like another except for one item
  double shutter = 0;             ///< exposure time relative to the frame interval: motion blur
  double lens_blur = 0.4;         ///< standard deviation in pixels
  double noise = 2;               ///< standard deviation of the sensor noise, of 255
  int clutter = 5;                ///< number of static objects: trees, lamps, kiosks …
  bool road = true;               ///< vehicles drive on a road; without a road they drive anywhere
  int cameras = 1;                ///< number of cameras that share the visits of all actors
  int camera_number = 0;          ///< this camera, from 0: visit v of actor a is seen by camera (a + v) % cameras

  /// @throws std::runtime_error naming the value that is out of range, and its range.
  void check() const;
};

enum class ActorKind { walker, cyclist, car, truck };

struct Actor {
  ActorKind kind = ActorKind::walker;
  int identity = 0;  ///< from 1; a cyclist has two: this one for the bicycle, the next for the rider
  WalkerLook walker{};
  VehicleLook vehicle{};
  BicycleLook bicycle{};
  std::vector<Visit> visits{};
  Gestures gestures{};

  Pose pose_at(double time_s) const { return with_gestures(scene::pose_at(visits, time_s), gestures, time_s); }
};

struct Scene {
  SceneSettings settings;
  Camera camera{};  ///< at rest, without pan or shake
  Light light{};
  Ground ground{};
  std::vector<Actor> actors{};
  std::vector<Clutter> clutter{};

  double time_of(int frame) const { return frame / settings.frame_rate; }
};

/// @throws std::runtime_error if a setting is out of range.
Scene make_scene(const SceneSettings& settings);

/// Random, widely varied settings for single training images.
SceneSettings training_settings(std::uint64_t seed, cv::Size size);

/// The camera at a time, with the pan or shake of the settings.
Camera camera_at(const Scene& scene, double time_s);

/// Class numbers of MOTChallenge ground truth. It has none for trucks; they use its 6, a vehicle that is not evaluated.
enum class MotClass { pedestrian = 1, rider = 2, car = 3, bicycle = 4, truck = 6 };

/// An object in the image. Its box surrounds all its pixels in the image, including occluded ones.
struct TruthBox {
  int identity = 0;
  MotClass mot_class = MotClass::pedestrian;
  cv::Rect box;
  double visibility = 0;  ///< share of its pixels that are neither occluded nor outside the image
};

struct Picture {
  cv::Mat image;                ///< CV_8UC3
  cv::Mat owners;               ///< CV_32SC1: identity visible at each pixel; 0: background, -1: clutter
  std::vector<TruthBox> truth;  ///< sorted by identity
};

/// Renders frames in any order. The background of a static camera is cached.
class Renderer {
 public:
  explicit Renderer(Scene scene);
  const Scene& scene() const { return scene_; }
  /// @param frame 0-based index
  Picture render(int frame);

 private:
  void draw_background(Canvas& canvas, const View& view);
  cv::Mat expose(double time_s, cv::Mat* owners, std::vector<TruthBox>* truth);
  void develop(cv::Mat& image, int frame) const;

  Scene scene_;
  cv::Mat background_;         ///< cached background of a static camera
  std::vector<short> grains_;  ///< samples of the sensor noise
};

/// Draws one actor and marks its pixels with its identity.
/// @param tallies two elements; a cyclist uses both, other actors the first
void draw_actor(Canvas& canvas, const View& view, const Actor& actor, const Pose& pose, std::span<Tally> tallies);

}  // namespace onepass::scene
