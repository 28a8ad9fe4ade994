#include "formats/keyframes.hpp"

#include <cmath>
#include <numbers>

namespace onepass::formats {
namespace {

constexpr std::size_t most_objects = 5'000'000;

Annotation between(const Annotation& a, const Annotation& b, std::int64_t frame) {
  const double share = static_cast<double>(frame - a.frame) / static_cast<double>(b.frame - a.frame);
  const auto mix = [share](double x, double y) { return x + (y - x) * share; };
  auto result = a;
  result.frame = frame;
  result.left = mix(a.left, b.left);
  result.top = mix(a.top, b.top);
  result.width = mix(a.width, b.width);
  result.height = mix(a.height, b.height);
  result.shape = {};
  if (a.shape.rotated && b.shape.rotated) {
    const auto& [x, y, width, height, angle] = *a.shape.rotated;
    const auto& to = *b.shape.rotated;
    const auto mixed = [&mix](float from, float end) { return static_cast<float>(mix(from, end)); };
    const float turn = std::remainder(to.angle - angle, 2 * std::numbers::pi_v<float>);  // the short way
    result.shape.rotated = RotatedBox{mixed(x, to.center_x), mixed(y, to.center_y), mixed(width, to.width),
                                      mixed(height, to.height), mixed(angle, angle + turn)};
  }
  return result;
}

}  // namespace

void append_filled(const std::vector<Keyframe>& keyframes, std::vector<Annotation>& objects,
                   const std::function<void(const std::string& what)>& fail) {
  for (std::size_t i = 0; i < keyframes.size(); ++i) {
    const auto& current = keyframes[i];
    objects.push_back(current.object);
    if (i + 1 == keyframes.size()) return;
    const auto& next = keyframes[i + 1];
    if (next.object.frame <= current.object.frame) fail("the frames of a track do not increase");
    if (!current.holds) continue;
    const auto missing = static_cast<std::size_t>(next.object.frame - current.object.frame - 1);
    if (missing > most_objects || objects.size() + missing > most_objects)
      fail("more than 5 million boxes lie between the keyframes; split the file");
    for (auto frame = current.object.frame + 1; frame < next.object.frame; ++frame)
      objects.push_back(between(current.object, next.object, frame));
  }
}

}  // namespace onepass::formats
