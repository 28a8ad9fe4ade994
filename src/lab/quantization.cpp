#include "lab/quantization.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "core/timed.hpp"
#include "detect/forward_pass.hpp"
#include "model/range_finder.hpp"

namespace onepass::lab {
namespace {

/// The distance of `wanted` evenly spaced frames of a source; 1 if the source does not announce its length.
int spacing(const Footage& footage, int wanted) {
  auto options = footage.options;
  options.warn = [](const std::string&) {};  // the source is opened once more to be read
  const auto count = open_source(footage.source, options)->info().frame_count.value_or(0);
  return std::max(1, static_cast<int>(count / wanted));
}

/// Opens evenly spaced frames of the source, about as many as wanted.
std::unique_ptr<FrameSource> open_spaced(const Footage& footage, int wanted) {
  auto options = footage.options;
  options.stride = spacing(footage, wanted);
  return open_source(footage.source, options);
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

/// The number of detections of `exact` that `other` has too.
std::int64_t count_matched(const std::vector<Detection>& exact, const std::vector<Detection>& other) {
  constexpr float same = 0.9F;
  return std::ranges::count_if(exact, [&](const Detection& one) {
    return std::ranges::any_of(other, [&](const Detection& candidate) {
      return candidate.class_id == one.class_id && intersection_over_union(candidate.box, one.box) >= same;
    });
  });
}

}  // namespace

Measured measure_ranges(const std::filesystem::path& model, const DetectorConfig& detector, const Footage& footage,
                        int most_images, const std::function<bool(int)>& progress) {
  model::RangeFinder finder(model);
  const auto frames = open_spaced(footage, most_images);
  Measured result;
  while (result.images < most_images) {
    const auto frame = frames->next();
    if (!frame) break;
    if (frame->image.empty()) throw std::runtime_error(footage.source + ": has no images to quantize with");
    finder.observe(detect::to_input(frame->image, detect::place_frame(frame->image.size(), detector, finder.info())));
    if (!progress(++result.images)) {
      result.stopped = true;
      return result;
    }
  }
  if (result.images < fewest_images)
    throw std::runtime_error(
        fmt::format("{}: {} frames are too few to quantize a model; at least {} are needed, of "
                    "different scenes if possible",
                    footage.source, result.images, fewest_images));
  result.ranges = finder.ranges();
  return result;
}

Agreement compare_precision(const std::filesystem::path& model, const std::filesystem::path& quantized,
                            const DetectorConfig& detector, const Footage& footage, int frames) {
  auto config = detector;
  config.conf = 0.25F;
  config.precision = Precision::f32;
  const detect::ForwardPass exact(detect::load_network(model, model::no_taps, config), config);
  config.precision = Precision::int8;
  config.conf = 0.2F;  // so that a score just below the threshold does not count as a lost detection
  const detect::ForwardPass rounded(detect::load_network(quantized, model::no_taps, config), config);
  const auto source_frames = open_spaced(footage, frames);
  Agreement result;
  std::vector<double> exact_s, rounded_s;
  for (int i = 0; i < frames; ++i) {
    const auto frame = source_frames->next();
    if (!frame) break;
    const auto mine = timed(exact_s.emplace_back(), [&] { return exact.run(*frame); });
    const auto theirs = timed(rounded_s.emplace_back(), [&] { return rounded.run(*frame); });
    result.detections += static_cast<std::int64_t>(mine.detections.size());
    result.matched += count_matched(mine.detections, theirs.detections);
  }
  result.exact_ms = 1000 * median(exact_s);
  result.quantized_ms = 1000 * median(rounded_s);
  return result;
}

}  // namespace onepass::lab
