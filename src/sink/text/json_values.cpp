#include "sink/text/json_values.hpp"

#include <cmath>
#include <ctime>
#include <stdexcept>

#include <fmt/format.h>

#include "core/printable.hpp"
#include "formats/json/shape_json.hpp"
#include "sink/text/written_shape.hpp"

namespace onepass::sink {
namespace {

void add_motion(Json& track, const GroundMotion& motion) {
  track["position_m"] = {rounded(motion.position.x, 2), rounded(motion.position.y, 2)};
  track["speed_mps"] = rounded(motion.speed, 2);
  track["distance_m"] = rounded(motion.distance, 2);
  track["nearest_m"] = motion.nearest ? rounded(*motion.nearest, 2) : Json();
}

Json describe(const Track& track, std::int64_t index, const std::vector<std::string>& class_names) {
  if (!is_finite(track.box, track.score))
    throw std::runtime_error(fmt::format("frame {}: track {} has a value that is not finite", index, track.id));
  Json result;
  result["id"] = track.id;
  result["class"] = track.class_id;
  result["class_name"] = class_name_json(track.class_id, class_names);
  result["box"] = box_json(track.box);
  result["score"] = rounded(track.score, 4);
  result["origin"] = to_string(track.origin);
  result["state"] = to_string(track.state);
  formats::put_shape(result, written_part(track.shape));
  return result;
}

}  // namespace

bool is_finite(const Box& box, float score) {
  return std::isfinite(box.left) && std::isfinite(box.top) && std::isfinite(box.width) && std::isfinite(box.height) &&
         std::isfinite(score);
}

Json rounded(double value, int decimals) {
  const double scale = std::pow(10, decimals);
  return std::round(value * scale) / scale + 0.0;  // -0 becomes 0
}

Json box_json(const Box& box) {
  return {rounded(box.left, 2), rounded(box.top, 2), rounded(box.width, 2), rounded(box.height, 2)};
}

Json class_name_json(int class_id, const std::vector<std::string>& class_names) {
  const auto index = static_cast<std::size_t>(class_id);
  return index < class_names.size() ? Json(class_names[index]) : Json();
}

std::string to_line(const Json& json) { return printable(json.dump(-1, ' ', false, Json::error_handler_t::replace)); }

bool has_wall_time(const Frame& frame) { return frame.captured != std::chrono::system_clock::time_point{}; }

std::string utc_text(std::chrono::system_clock::time_point time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(time - seconds).count();
  const std::time_t since_epoch = std::chrono::system_clock::to_time_t(seconds);
  std::tm utc{};
  gmtime_r(&since_epoch, &utc);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
                     utc.tm_hour, utc.tm_min, utc.tm_sec, milliseconds);
}

std::function<Motions(const Frame& frame, std::span<const Track> tracks)> motions_in(const StreamInfo& stream) {
  if (!stream.counting.ground) return [](const Frame&, std::span<const Track>) { return Motions(); };
  return [counter = counter_of(stream)](const Frame& frame, std::span<const Track> tracks) {
    return counter->motions(frame, tracks);
  };
}

std::string frame_line(const Frame& frame, std::span<const Track> tracks, const StreamInfo& stream,
                       const Motions& motions) {
  Json line;
  line["index"] = frame.index;
  line["time"] = rounded(frame.time.count(), 6);
  if (has_wall_time(frame)) line["wall"] = utc_text(frame.captured);
  line["source"] = stream.source.name;
  if (frame.concealed) line["concealed"] = true;
  line["tracks"] = Json::array();
  for (const auto& track : tracks) {
    auto& described = line["tracks"].emplace_back(describe(track, frame.index, stream.class_names));
    if (const auto found = motions.find(track.id); found != motions.end()) add_motion(described, found->second);
  }
  return to_line(line);
}

}  // namespace onepass::sink
