#include <map>
#include <numbers>

#include <opencv2/imgproc.hpp>

#include "scene/scene.hpp"

namespace onepass::scene {
namespace {

constexpr int clutter_owner = -1;
constexpr int grain_count = 8191;
constexpr float grain_unit = 64;  // grains are fixed-point values: standard deviation 1 is stored as this

/// Generous bounds of an actor: half its length, and its height.
struct Reach {
  float radius_m;
  float height_m;
};

Reach reach_of(const Actor& actor) {
  if (actor.kind == ActorKind::walker) return {1.2F, 2.2F};
  if (actor.kind == ActorKind::cyclist) return {1.3F, 2.3F};
  return {actor.vehicle.length_m / 2 + 0.5F, actor.vehicle.height_m + 0.2F};
}

/// Pixels that an actor can cover, with a margin; empty if any part is nearer than Camera::nearest_m.
cv::Rect extent_of(const Camera& camera, const Actor& actor, const Pose& pose) {
  const auto reach = reach_of(actor);
  float left = 1e9F, top = 1e9F, right = -1e9F, bottom = -1e9F;
  for (int corner = 0; corner < 8; ++corner) {
    const Point3 point(pose.position.x + (corner & 1 ? reach.radius_m : -reach.radius_m),
                       pose.position.y + (corner & 2 ? reach.radius_m : -reach.radius_m),
                       corner & 4 ? reach.height_m : -0.1F);
    if (camera.depth_of(point) < Camera::nearest_m) return {};
    const auto pixel = camera.project(point);
    left = std::min(left, pixel.x);
    right = std::max(right, pixel.x);
    top = std::min(top, pixel.y);
    bottom = std::max(bottom, pixel.y);
  }
  const cv::Rect extent(cv::Point(static_cast<int>(left) - 2, static_cast<int>(top) - 2),
                        cv::Point(static_cast<int>(right) + 3, static_cast<int>(bottom) + 3));
  const auto& size = camera.size;  // limits memory to three image sizes on each side
  return extent & cv::Rect(-3 * size.width, -3 * size.height, 7 * size.width, 7 * size.height);
}

struct Placed {
  const Actor* actor = nullptr;      ///< set for an actor, else null
  const Clutter* clutter = nullptr;  ///< set for clutter, else null
  Pose pose;
  float depth = 0;
  std::array<Tally, 2> tallies;  ///< one per identity
};

std::vector<Placed> place_all(const Scene& scene, const Camera& camera, double time_s) {
  std::vector<Placed> result;
  const cv::Rect image(cv::Point(), camera.size);
  for (const auto& actor : scene.actors) {
    const auto pose = actor.pose_at(time_s);
    if (!pose.present || (extent_of(camera, actor, pose) & image).empty()) continue;
    result.push_back({&actor, nullptr, pose, camera.depth_of({pose.position.x, pose.position.y, 0}), {}});
  }
  for (const auto& clutter : scene.clutter) {
    const float depth = camera.depth_of({clutter.position.x, clutter.position.y, 0});
    if (depth > 1.5F) result.push_back({nullptr, &clutter, {}, depth, {}});
  }
  std::ranges::stable_sort(result, std::greater(), &Placed::depth);
  return result;
}

void draw(Canvas& canvas, const View& view, Placed& placed) {
  if (placed.actor) return draw_actor(canvas, view, *placed.actor, placed.pose, placed.tallies);
  canvas.owner = clutter_owner;
  canvas.tally = nullptr;
  draw_clutter(canvas, view, *placed.clutter);
}

/// Darkens the ground in the shadows of actors and clutter.
void draw_shadows(Canvas& canvas, const View& view, std::vector<Placed>& placed) {
  View flattening = view;
  flattening.flattens = true;
  Canvas shadows{.colors = {}, .owners = cv::Mat::zeros(canvas.owners.size(), CV_32S)};
  for (auto& one : placed) draw(shadows, flattening, one);
  for (auto& one : placed) one.tallies = {};
  cv::Mat mask = shadows.owners != 0;
  cv::GaussianBlur(mask, mask, cv::Size(), 0.6 + view.camera.size.height / 400.0);
  for (int y = 0; y < mask.rows; ++y) {
    auto* pixels = canvas.colors.ptr<cv::Vec3b>(y);
    const auto* covered = mask.ptr<unsigned char>(y);
    for (int x = 0; x < mask.cols; ++x) {
      if (covered[x] == 0) continue;
      const float light = 1 - view.light.shadow * static_cast<float>(covered[x]) / 255;
      for (int channel = 0; channel < 3; ++channel)
        pixels[x][channel] = static_cast<unsigned char>(static_cast<float>(pixels[x][channel]) * light + 0.5F);
    }
  }
}

MotClass class_of(const Actor& actor, std::size_t part) {
  switch (actor.kind) {
    case ActorKind::walker:
      return MotClass::pedestrian;
    case ActorKind::cyclist:
      return part == 0 ? MotClass::bicycle : MotClass::rider;
    case ActorKind::car:
      return MotClass::car;
    case ActorKind::truck:
      return MotClass::truck;
  }
  return MotClass::pedestrian;
}

/// Pixel counts of an actor as if the image had no borders.
std::array<Tally, 2> whole_tallies(const View& view, const Placed& placed) {
  const auto extent = extent_of(view.camera, *placed.actor, placed.pose);
  Canvas canvas{.colors = {}, .owners = cv::Mat::zeros(extent.size(), CV_32S), .origin = extent.tl()};
  std::array<Tally, 2> tallies;
  draw_actor(canvas, view, *placed.actor, placed.pose, tallies);
  return tallies;
}

std::vector<TruthBox> find_truth(const cv::Mat& owners, const View& view, const std::vector<Placed>& placed) {
  std::map<int, int> visible;
  for (int y = 0; y < owners.rows; ++y) {
    for (int x = 0; x < owners.cols; ++x) {
      if (const int owner = owners.at<int>(y, x); owner > 0) ++visible[owner];
    }
  }
  std::vector<TruthBox> truth;
  for (const auto& one : placed) {
    if (!one.actor) continue;
    const cv::Rect inner(1, 1, owners.cols - 2, owners.rows - 2);
    const bool is_whole = (one.tallies[0].box() & inner) == one.tallies[0].box() &&
                          (one.tallies[1].box() & inner) == one.tallies[1].box();
    const auto whole = is_whole ? one.tallies : whole_tallies(view, one);
    for (std::size_t part = 0; part < 2; ++part) {
      const auto& tally = one.tallies[part];
      if (tally.pixels == 0) continue;
      const int identity = one.actor->identity + static_cast<int>(part);
      const double share = static_cast<double>(visible[identity]) / std::max(whole[part].pixels, tally.pixels);
      truth.push_back({identity, class_of(*one.actor, part), tally.box(), share});
    }
  }
  std::ranges::sort(truth, {}, &TruthBox::identity);
  return truth;
}

/// Factor of the light at a time: clouds come and go about once or twice per clip.
double cloud(const SceneSettings& settings, double time_s) {
  Random random(settings.seed, 77);
  const double period = std::max(settings.frames / settings.frame_rate * random.uniform(0.6, 1.1), 2.0);
  const double phase = random.uniform();
  return 1 - settings.lighting_change * (0.5 - 0.5 * std::cos(2 * std::numbers::pi * (time_s / period + phase)));
}

Color tint_of(Lighting lighting) {
  switch (lighting) {
    case Lighting::overcast:
      return {1.02F, 1, 0.97F};
    case Lighting::dusk:
      return {0.72F, 0.85F, 1.02F};
    case Lighting::night:
      return {0.56F, 0.46F, 0.42F};
    default:
      return {1, 1, 1};
  }
}

}  // namespace

void draw_actor(Canvas& canvas, const View& view, const Actor& actor, const Pose& pose, std::span<Tally> tallies) {
  canvas.owner = actor.identity;
  canvas.tally = &tallies[0];
  switch (actor.kind) {
    case ActorKind::walker:
      return draw_walker(canvas, view, actor.walker, pose);
    case ActorKind::cyclist:
      draw_bicycle(canvas, view, actor.bicycle, pose);
      canvas.owner = actor.identity + 1;
      canvas.tally = &tallies[1];
      return draw_rider(canvas, view, actor.walker, pose);
    case ActorKind::car:
    case ActorKind::truck:
      return draw_vehicle(canvas, view, actor.vehicle, pose);
  }
}

Renderer::Renderer(Scene scene) : scene_(std::move(scene)) {
  Random random(scene_.settings.seed, 78);
  grains_.resize(grain_count);
  for (auto& grain : grains_) grain = static_cast<short>(std::lround(grain_unit * random.normal()));
}

void Renderer::draw_background(Canvas& canvas, const View& view) {
  if (scene_.settings.camera != CameraMotion::steady) return draw_ground(canvas, view, scene_.ground);
  if (background_.empty()) {
    draw_ground(canvas, view, scene_.ground);
    background_ = canvas.colors.clone();
  } else {
    background_.copyTo(canvas.colors);
  }
}

cv::Mat Renderer::expose(double time_s, cv::Mat* owners, std::vector<TruthBox>* truth) {
  const View view{camera_at(scene_, time_s), scene_.light};
  Canvas canvas{.colors = cv::Mat(scene_.settings.size, CV_8UC3),
                .owners = cv::Mat::zeros(scene_.settings.size, CV_32S)};
  draw_background(canvas, view);
  canvas.owners.setTo(0);
  auto placed = place_all(scene_, view.camera, time_s);
  draw_shadows(canvas, view, placed);
  for (auto& one : placed) draw(canvas, view, one);
  if (truth) *truth = find_truth(canvas.owners, view, placed);
  if (owners) *owners = canvas.owners;
  return canvas.colors;
}

/// Applies lens blur, lighting changes and sensor noise.
void Renderer::develop(cv::Mat& image, int frame) const {
  const auto& settings = scene_.settings;
  if (settings.lens_blur > 0.1) cv::GaussianBlur(image, image, cv::Size(), settings.lens_blur);
  const auto light = tint_of(settings.lighting) * static_cast<float>(cloud(settings, scene_.time_of(frame)));
  const bool is_dark = settings.lighting == Lighting::night || settings.lighting == Lighting::dusk;
  const auto noise = static_cast<float>(settings.noise * (is_dark ? 1.5 : 1)) / grain_unit;
  Random random(settings.seed, 1'000'000 + static_cast<std::uint64_t>(frame));
  for (int y = 0; y < image.rows; ++y) {
    auto* pixels = image.ptr<cv::Vec3b>(y);
    auto grain = static_cast<std::size_t>(random.integer(0, grain_count - 1));
    for (int x = 0; x < image.cols; ++x) {
      for (int channel = 0; channel < 3; ++channel) {
        const float value = static_cast<float>(pixels[x][channel]) * light[channel] + noise * grains_[grain];
        pixels[x][channel] = static_cast<unsigned char>(std::clamp(value + 0.5F, 0.0F, 255.0F));
        grain = grain + 1 == grain_count ? 0 : grain + 1;
      }
    }
  }
}

Picture Renderer::render(int frame) {
  const auto& settings = scene_.settings;
  const double time_s = scene_.time_of(frame);
  Picture picture;
  picture.image = expose(time_s, &picture.owners, &picture.truth);
  if (settings.shutter > 0) {
    constexpr int samples = 5;  // the middle one is already rendered
    cv::Mat sum;
    picture.image.convertTo(sum, CV_16UC3);
    for (int sample = 0; sample < samples; ++sample) {
      if (sample == samples / 2) continue;
      const double offset_s =
          settings.shutter / settings.frame_rate * (static_cast<double>(sample) / (samples - 1) - 0.5);
      cv::add(sum, expose(time_s + offset_s, nullptr, nullptr), sum, cv::noArray(), CV_16UC3);
    }
    sum.convertTo(picture.image, CV_8UC3, 1.0 / samples);
  }
  develop(picture.image, frame);
  return picture;
}

}  // namespace onepass::scene
