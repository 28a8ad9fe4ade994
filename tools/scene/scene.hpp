// A made-up street or square: who is in it, where they are at any time, how it looks, and the truth about it.
#pragma once

#include <string>
#include <vector>

#include "scene/ground.hpp"

namespace onepass::scene {

enum class CameraMotion { steady, pan, handheld };
enum class Lighting { day, overcast, dusk, night };

/// The same settings make the same bytes, on any number of threads.
struct SceneSettings {
  std::uint64_t seed = 1;
  cv::Size size{640, 384};
  double frame_rate = 25;
  int frames = 250;
  int objects = 20;            ///< people, cars, trucks and cyclists over the whole clip
  double vehicle_share = 0.2;  ///< of the objects; the others walk
  CameraMotion camera = CameraMotion::steady;
  Lighting lighting = Lighting::day;
  double lighting_change = 0;  ///< share of the light that clouds take and give back during the clip
  double camera_height_m = 5;
  double field_of_view_deg = 60;  ///< across the image
  double tallest = 0.45;          ///< height of a person in front, relative to the image
  double shortest = 0.12;         ///< height of a person at the back
  double foreground = 1;          ///< distance of the lower image border relative to that of the nearest people
  double resident_share = 0.5;    ///< of the walkers: are there all the time
  double returning_share = 0;     ///< of the walkers: leave and return
  double absence_s = 4;           ///< how long those are away
  double group_share = 0.25;      ///< of the walkers: walk beside another one
  double alike_share = 0.1;       ///< of the walkers: dressed like another one but for one garment
  double shutter = 0;             ///< share of the time between frames that an exposure takes: motion blur
  double lens_blur = 0.4;         ///< deviation in pixels
  double noise = 2;               ///< deviation of the sensor's noise, of 255
  int clutter = 5;                ///< trees, lamps, kiosks …
  bool road = true;               ///< with a road the vehicles drive on it, without one anywhere

  /// @throws std::runtime_error saying which value is out of which range.
  void check() const;
};

enum class ActorKind { walker, cyclist, car, truck };

struct Actor {
  ActorKind kind = ActorKind::walker;
  int identity = 0;  ///< from 1; a cyclist's bicycle has this one, the rider the next
  WalkerLook walker{};
  VehicleLook vehicle{};
  BicycleLook bicycle{};
  std::vector<Visit> visits{};
};

struct Scene {
  SceneSettings settings;
  Camera camera{};  ///< at rest
  Light light{};
  Ground ground{};
  std::vector<Actor> actors{};
  std::vector<Clutter> clutter{};

  double time_of(int frame) const { return frame / settings.frame_rate; }
};

/// @throws std::runtime_error where the settings are not possible.
Scene make_scene(const SceneSettings& settings);

/// Settings drawn at random, so that no two scenes resemble each other: for single pictures to train on.
SceneSettings training_settings(std::uint64_t seed, cv::Size size);

/// The camera at a time: turned and shaken as the settings say.
Camera camera_at(const Scene& scene, double time_s);

/// Class numbers of MOTChallenge ground truth. It has none for trucks: they are its 6, a vehicle that is not evaluated.
enum class MotClass { pedestrian = 1, rider = 2, car = 3, bicycle = 4, truck = 6 };

/// A visible object. Its box surrounds all its pixels in the image, also those that something nearer hides.
struct TruthBox {
  int identity = 0;
  MotClass mot_class = MotClass::pedestrian;
  cv::Rect box;
  double visibility = 0;  ///< share of its pixels that is neither hidden nor outside the image
};

struct Picture {
  cv::Mat image;                ///< CV_8UC3
  cv::Mat owners;               ///< CV_32SC1: identity of what is seen at a pixel; 0 the ground, -1 what stands about
  std::vector<TruthBox> truth;  ///< in order of identity
};

/// Renders any frame in any order; what does not change from frame to frame is kept.
class Renderer {
 public:
  explicit Renderer(Scene scene);
  const Scene& scene() const { return scene_; }
  /// @param frame from 0.
  Picture render(int frame);

 private:
  void draw_background(Canvas& canvas, const View& view);
  cv::Mat expose(double time_s, cv::Mat* owners, std::vector<TruthBox>* truth);
  void develop(cv::Mat& image, int frame) const;

  Scene scene_;
  cv::Mat background_;         ///< of a camera that does not move
  std::vector<short> grains_;  ///< of the sensor's noise
};

/// Draws one actor at a time; what belongs to it is marked with its identity.
/// @param tallies of its one or two identities.
void draw_actor(Canvas& canvas, const View& view, const Actor& actor, const Pose& pose, std::span<Tally> tallies);

}  // namespace onepass::scene
