#include "batch/piece_record.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "io/output_file.hpp"

namespace onepass::batch {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* format = "onepass piece";
constexpr int version = 1;

Json json_of(const Shape& shape) {
  Json json = Json::object();
  if (!shape.mask.empty()) json["mask"] = {shape.mask.width, shape.mask.height, shape.mask.runs};
  for (const auto& point : shape.keypoints) json["keypoints"].push_back({point.x, point.y, point.score});
  if (const auto& box = shape.rotated)
    json["rotated"] = {box->center_x, box->center_y, box->width, box->height, box->angle};
  return json;
}

float finite(const Json& json) {
  const float value = json;
  if (!std::isfinite(value)) throw std::runtime_error("a value is not finite");
  return value;
}

Mask mask_of(const Json& json) {
  constexpr int largest_side = 1 << 16;
  Mask mask{json.at(0), json.at(1), json.at(2).get<std::vector<std::uint32_t>>()};
  const auto pixels = std::accumulate(mask.runs.begin(), mask.runs.end(), std::uint64_t{0});
  if (mask.width < 1 || mask.height < 1 || mask.width > largest_side || mask.height > largest_side ||
      pixels != static_cast<std::uint64_t>(mask.width) * static_cast<std::uint64_t>(mask.height))
    throw std::runtime_error("the runs of a mask do not add up to its size");
  return mask;
}

Shape shape_of(const Json& json) {
  Shape shape;
  if (json.contains("mask")) shape.mask = mask_of(json["mask"]);
  if (json.contains("keypoints")) {
    for (const auto& point : json["keypoints"])
      shape.keypoints.push_back({finite(point.at(0)), finite(point.at(1)), finite(point.at(2))});
  }
  if (json.contains("rotated")) {
    const auto& box = json["rotated"];
    shape.rotated =
        RotatedBox{finite(box.at(0)), finite(box.at(1)), finite(box.at(2)), finite(box.at(3)), finite(box.at(4))};
  }
  return shape;
}

/// The values of a track in a fixed order, which takes a third of the space of names. Numbers of type float are written
/// with all their digits, so that they are read as they were.
Json json_of(const Track& track) {
  const auto& box = track.box;
  Json json{track.id,
            static_cast<int>(track.state),
            static_cast<int>(track.origin),
            track.class_id,
            track.score,
            track.detection,
            box.left,
            box.top,
            box.width,
            box.height};
  if (track.shape != Shape()) json.push_back(json_of(track.shape));
  return json;
}

template <typename Enum>
Enum value_up_to(Enum last, const Json& json) {
  const int value = json;
  if (value < 0 || value > static_cast<int>(last)) throw std::runtime_error("a track has an unknown state or origin");
  return static_cast<Enum>(value);
}

Track track_of(const Json& json) {
  Track track;
  track.id = json.at(0);
  if (track.id < 1) throw std::runtime_error("a track has no id");
  track.state = value_up_to(TrackState::lost, json.at(1));
  track.origin = value_up_to(BoxOrigin::interpolated, json.at(2));
  track.class_id = json.at(3);
  track.score = finite(json.at(4));
  track.detection = json.at(5);
  track.box = {finite(json.at(6)), finite(json.at(7)), finite(json.at(8)), finite(json.at(9))};
  if (json.size() > 10) track.shape = shape_of(json.at(10));
  return track;
}

Json json_of(const RecordHeader& header) {
  const auto& source = header.source;
  Json json{{"format", format}, {"version", version}, {"source", source.name}, {"frame_rate", source.frame_rate}};
  json["size"] = {source.size.width, source.size.height};
  if (source.frame_count) json["frame_count"] = *source.frame_count;
  json["stride"] = source.stride;
  json["class_names"] = header.class_names;
  json["piece"] = {header.piece.number, header.piece.count, header.piece.span.from_s};
  if (std::isfinite(header.piece.span.to_s)) json["piece"].push_back(header.piece.span.to_s);
  json["end_after_s"] = header.end_after_s;
  if (!header.space.empty()) json["space"] = header.space;
  return json;
}

RecordHeader header_of(const Json& json) {
  if (!json.is_object() || json.value("format", "") != format) throw std::runtime_error("is no record of a piece");
  if (const int found = json.at("version"); found != version)
    throw std::runtime_error(fmt::format("has version {}, not {}", found, version));
  RecordHeader header;
  json.at("source").get_to(header.source.name);
  json.at("frame_rate").get_to(header.source.frame_rate);
  header.source.size = {json.at("size").at(0), json.at("size").at(1)};
  if (json.contains("frame_count")) header.source.frame_count = json["frame_count"];
  json.at("stride").get_to(header.source.stride);
  json.at("class_names").get_to(header.class_names);
  const auto& piece = json.at("piece");
  header.piece = {piece.at(0), piece.at(1), {}};
  header.piece.span.from_s = piece.at(2);
  if (piece.size() > 3) header.piece.span.to_s = piece.at(3);
  json.at("end_after_s").get_to(header.end_after_s);
  header.space = json.value("space", "");
  if (!(header.source.frame_rate > 0) || header.source.stride < 1)
    throw std::runtime_error("has no frame rate or stride");
  return header;
}

class RecordSink : public TrackSink {
 public:
  RecordSink(const fs::path& path, Overwrite overwrite, const RecordHeader& header) : file_(path, overwrite) {
    write_line(json_of(header));
  }

  void write(const Frame& frame, std::span<const Track> tracks) override {
    Json line{{"index", frame.index}, {"time", frame.time.count()}, {"size", {frame.size.width, frame.size.height}}};
    if (frame.concealed) line["concealed"] = true;
    line["tracks"] = Json::array();
    for (const auto& track : tracks) line["tracks"].push_back(json_of(track));
    write_line(line);
    ++frames_;
  }

  void close() override {
    write_line({{"frames", frames_}});
    file_.close();
  }

 private:
  void write_line(const Json& json) { file_.write(json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n"); }

  io::OutputFile file_;
  std::int64_t frames_ = 0;
};

}  // namespace

fs::path memory_of(fs::path record) { return record.replace_extension(".memory"); }

std::unique_ptr<TrackSink> make_record_sink(const fs::path& path, Overwrite overwrite, const RecordHeader& header) {
  return std::make_unique<RecordSink>(path, overwrite, header);
}

RecordReader::RecordReader(const fs::path& path) : path_(path), file_(path, std::ios::binary) {
  if (!file_) throw std::runtime_error(path.string() + ": cannot be read");
  try {
    header_ = header_of(Json::parse(line()));
  } catch (const std::exception& error) {
    throw std::runtime_error(fmt::format("{}: is no record of a piece ({})", path.string(), error.what()));
  }
}

std::string RecordReader::line() {
  std::string text;
  ++line_number_;
  if (!std::getline(file_, text)) throw std::runtime_error("ends early");
  return text;
}

std::optional<RecordedFrame> RecordReader::next() {
  if (ended_) return std::nullopt;
  try {
    const auto json = Json::parse(line());
    if (json.contains("frames")) {
      if (json["frames"] != frames_) throw std::runtime_error("frames are missing");
      ended_ = true;
      return std::nullopt;
    }
    RecordedFrame result;
    result.frame.index = json.at("index");
    result.frame.time = Timestamp(json.at("time").get<double>());
    result.frame.size = {json.at("size").at(0), json.at("size").at(1)};
    result.frame.concealed = json.value("concealed", false);
    if (result.frame.index <= last_index_) throw std::runtime_error("frames are out of order");
    last_index_ = result.frame.index;
    for (const auto& track : json.at("tracks")) result.tracks.push_back(track_of(track));
    ++frames_;
    return result;
  } catch (const std::exception& error) {
    throw std::runtime_error(fmt::format("{}:{}: {}", path_.string(), line_number_, error.what()));
  }
}

}  // namespace onepass::batch
