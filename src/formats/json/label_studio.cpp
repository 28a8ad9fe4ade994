#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "formats/collecting_writer.hpp"
#include "formats/json/json_formats.hpp"
#include "formats/json/json_node.hpp"
#include "formats/json/text_ids.hpp"
#include "formats/keyframes.hpp"
#include "onepass/setting_error.hpp"

namespace onepass::formats {
namespace {

constexpr std::string_view prefix = "track-";  // of the ids of regions that onepass writes

void require_size(cv::Size size, const std::string& what) {
  if (size.empty())
    throw SettingError("size", what + ": boxes are shares of the image, whose size must be given, such as 1920x1080");
}

/// The regions of a task: those of its first annotation, otherwise of its first prediction.
std::optional<std::size_t> first_with_regions(const JsonNode& list) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto answer = list.element(i);
    const auto result = answer.find("result");
    if (result && result->size() > 0) return i;
  }
  return std::nullopt;
}

class RegionReader {
 public:
  RegionReader(const std::string& file, const ReadOptions& options, Annotations& annotations)
      : file_(file), options_(options), annotations_(annotations), classes_(options.class_names) {}

  void read(const JsonNode& region) {
    const auto value = region.find("value");
    if (!value) return;  // such as a relation
    const auto sequence = value->find("sequence");
    if (!sequence) {
      annotations_.unread.insert("regions that are no objects in a video");
      return;
    }
    take_facts(region, *value);
    require_size(annotations_.size, file_);
    const int class_id = class_of(*value);
    const auto id = id_of(region);
    std::vector<Keyframe> keyframes;
    for (std::size_t i = 0; i < sequence->size(); ++i) {
      const auto node = sequence->element(i);
      keyframes.push_back(keyframe(node, id, class_id));
    }
    std::ranges::stable_sort(keyframes, {}, [](const Keyframe& key) { return key.object.frame; });
    append_filled(keyframes, annotations_.objects, [&](const std::string& what) { sequence->fail(what); });
  }

  ClassNames names() const { return classes_.names(); }

  /// To be called after the last region.
  void finish_ids() {
    for (auto& object : annotations_.objects) object.id = ids_.final(object.id);
  }

 private:
  /// The number of a region that onepass has written; others, whose ids are arbitrary texts, are numbered anew.
  std::int64_t id_of(const JsonNode& region) {
    ++regions_;
    const auto id = region.find("id");
    std::string_view text;
    if (id && id->value().is_string()) text = id->text();
    if (text.starts_with(prefix)) return ids_.number_of(text.substr(prefix.size()));
    return ids_.number_of(fmt::format("region {}", regions_));
  }

  void take_facts(const JsonNode& region, const JsonNode& value) {
    const auto width = region.find("original_width");
    const auto height = region.find("original_height");
    if (width && height)
      annotations_.size = {std::clamp(width->small(), 0, 1 << 20), std::clamp(height->small(), 0, 1 << 20)};
    if (annotations_.size.empty()) annotations_.size = options_.size;
    const auto frames = value.find("framesCount");
    if (frames)
      annotations_.frame_count =
          std::max(annotations_.frame_count, std::clamp<std::int64_t>(frames->whole(), 0, longest_video));
    const auto duration = value.find("duration");
    if (frames && duration && duration->number() > 0)
      annotations_.frame_rate = tidy(frames->number() / duration->number());
  }

  int class_of(const JsonNode& value) {
    const auto labels = value.find("labels");
    return classes_.number_of(labels && labels->size() > 0 ? labels->element(0).text() : "object");
  }

  Keyframe keyframe(const JsonNode& node, std::int64_t id, int class_id) {
    if (const auto rotation = node.find("rotation");
        rotation && rotation->value().is_number() && rotation->number() != 0)
      annotations_.unread.insert("rotations of boxes");
    const auto share = [&](const char* key, int whole) { return node.at(key).number() / 100 * whole; };
    Annotation object{.frame = node.at("frame").whole(),
                      .id = id,
                      .left = share("x", annotations_.size.width),
                      .top = share("y", annotations_.size.height),
                      .width = share("width", annotations_.size.width),
                      .height = share("height", annotations_.size.height),
                      .class_id = class_id};
    if (const auto problem = problem_of(object); !problem.empty()) node.fail(problem);
    const auto enabled = node.find("enabled");
    return {object, !enabled || enabled->flag()};
  }

  const std::string& file_;
  const ReadOptions& options_;
  Annotations& annotations_;
  ClassNumbers classes_;
  TextIds ids_;
  std::int64_t regions_ = 0;
};

class LabelStudioWriter : public CollectingWriter {
 public:
  using CollectingWriter::CollectingWriter;
  ~LabelStudioWriter() override { close_quietly(); }

 protected:
  using Json = nlohmann::ordered_json;

  void finish(io::OutputFile& file) override {
    if (!objects_.empty()) require_size(size(), header_.name);
    const auto name = header_.name.empty() ? "video" : header_.name;
    const Json data{{"video", name + ".mp4"}};
    file.write("[{\"data\": " + text(data) + ", \"predictions\": [{\"model_version\": \"onepass\", \"result\": [");
    bool first = true;
    std::int64_t without_id = 0;
    for (const auto& track : by_identity(objects_)) {
      const auto& object = *track.front();
      const bool identified = object.id >= 0 && !object.crowd;
      const auto region_id = identified ? fmt::format("{}{}", prefix, object.id) : fmt::format("box-{}", ++without_id);
      file.write((first ? "\n" : ",\n") + text(region(track, region_id)));
      first = false;
    }
    file.write("]}]}]\n");
  }

 private:
  static std::string text(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

  /// The class that most boxes have: a region has one.
  static int class_of(const std::vector<const Annotation*>& track) {
    std::map<int, int> counts;
    for (const auto* object : track) ++counts[object->class_id];
    return std::ranges::max_element(counts, {}, [](const auto& entry) { return entry.second; })->first;
  }

  Json region(const std::vector<const Annotation*>& track, const std::string& name) {
    Json sequence = Json::array();
    const auto whole = size();
    for (std::size_t i = 0; i < track.size(); ++i) {
      const auto& object = *track[i];
      const bool goes_on = i + 1 < track.size() && track[i + 1]->frame == object.frame + step();
      Json entry{{"frame", object.frame},
                 {"enabled", goes_on},
                 {"rotation", 0},
                 {"x", tidy(object.left * 100 / whole.width)},
                 {"y", tidy(object.top * 100 / whole.height)},
                 {"width", tidy(object.width * 100 / whole.width)},
                 {"height", tidy(object.height * 100 / whole.height)}};
      if (header_.frame_rate > 0) entry["time"] = tidy(static_cast<double>(object.frame) / header_.frame_rate);
      sequence.push_back(std::move(entry));
    }
    const auto last = frames_.back().number;
    Json value{{"framesCount", last}};
    if (header_.frame_rate > 0) value["duration"] = tidy(static_cast<double>(last) / header_.frame_rate);
    value["sequence"] = std::move(sequence);
    value["labels"] = {class_name(header_.class_names, class_of(track))};
    return {{"id", name},
            {"type", "videorectangle"},
            {"from_name", "box"},
            {"to_name", "video"},
            {"original_width", whole.width},
            {"original_height", whole.height},
            {"value", std::move(value)}};
  }

  /// Distance of the frames: with a stride, an object stays visible between them.
  std::int64_t step() const {
    return frames_.size() < 2 ? 1 : std::max<std::int64_t>(1, frames_[1].number - frames_[0].number);
  }
};

}  // namespace

Annotations read_label_studio(const std::filesystem::path& path, const ReadOptions& options) {
  const auto document = read_json(path);
  const auto file = path.string();
  const JsonNode root(document, file);
  const auto count = root.size();
  if (count > 1 && options.video.empty())
    throw SettingError("video", fmt::format("{}: has {} tasks: choose one by its number, from 1", file, count));
  std::size_t task_number = 1;
  for (std::size_t i = 1; i <= count; ++i) {
    if (options.video == std::to_string(i)) task_number = i;
  }
  Annotations annotations{.name = path.stem().string()};
  if (count == 0) return annotations;
  const auto task = root.element(task_number - 1);
  RegionReader reader(file, options, annotations);
  for (const char* key : {"annotations", "predictions"}) {
    const auto list = task.find(key);
    const auto chosen = list ? first_with_regions(*list) : std::nullopt;
    if (!chosen) continue;
    const auto answer = list->element(*chosen);
    const auto regions = answer.at("result");
    for (std::size_t i = 0; i < regions.size(); ++i) reader.read(regions.element(i));
    break;
  }
  reader.finish_ids();
  annotations.class_names = reader.names();
  return annotations;
}

std::unique_ptr<Writer> make_label_studio_writer(const std::filesystem::path& path, Overwrite overwrite,
                                                 const Header& header) {
  return std::make_unique<LabelStudioWriter>(path, overwrite, header);
}

}  // namespace onepass::formats
