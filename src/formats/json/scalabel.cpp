#include <algorithm>

#include <fmt/format.h>

#include "formats/collecting_writer.hpp"
#include "formats/json/attributes.hpp"
#include "formats/json/json_formats.hpp"
#include "formats/json/json_node.hpp"
#include "formats/json/text_ids.hpp"

namespace onepass::formats {
namespace {

constexpr const char* unnamed = "video";

/// An attribute that is true; its name begins with a capital letter in files before 2021.
bool attribute(const JsonNode& label, const char* name, const char* old_name) {
  const auto attributes = label.find("attributes");
  if (!attributes || !attributes->is_object()) return false;
  auto value = attributes->find(name);
  if (!value) value = attributes->find(old_name);
  return value && value->value().is_boolean() && value->flag();
}

void read_label(const JsonNode& label, std::int64_t frame, ClassNumbers& classes, TextIds& ids,
                Annotations& annotations) {
  const auto box = label.find("box2d");
  if (!box) {
    annotations.unread.insert("labels without a box, such as lanes");
    return;
  }
  const double left = box->at("x1").number();
  const double top = box->at("y1").number();
  Annotation object{.frame = frame,
                    .left = left,
                    .top = top,
                    .width = tidy(box->at("x2").number() - left),
                    .height = tidy(box->at("y2").number() - top),
                    .class_id = classes.number_of(label.at("category").text()),
                    .crowd = attribute(label, "crowd", "Crowd"),
                    .ignored = attribute(label, "ignored", "Ignored"),
                    .truncation = attribute(label, "truncated", "Truncated") ? 1 : 0,
                    .occlusion = attribute(label, "occluded", "Occluded") ? 1 : 0};
  for (const char* more : {"poly2d", "box3d", "rle"})
    if (label.find(more)) annotations.unread.insert(more);
  note_attributes(label, {"crowd", "Crowd", "ignored", "Ignored", "truncated", "Truncated", "occluded", "Occluded"},
                  annotations.unread);
  if (const auto score = label.find("score")) object.score = score->number();
  if (const auto problem = problem_of(object); !problem.empty()) label.fail(problem);
  if (const auto id = label.find("id"))
    object.id = id->value().is_number() ? ids.number_of(id->whole()) : ids.number_of(id->text());
  annotations.objects.push_back(std::move(object));
}

std::string video_of(const JsonNode& frame) {
  auto name = frame.find("videoName");
  if (!name) name = frame.find("video_name");
  return name ? name->text() : unnamed;
}

std::string choose(const JsonNode& frames, const ReadOptions& options, const std::string& file) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    auto name = video_of(frames.element(i));
    if (names.empty() || (names.back() != name && std::ranges::find(names, name) == names.end()))
      names.push_back(std::move(name));
  }
  return names.empty() ? "" : chosen_video(names, options.video, file);
}

class ScalabelWriter : public CollectingWriter {
 public:
  using CollectingWriter::CollectingWriter;
  ~ScalabelWriter() override { close_quietly(); }

 protected:
  using Json = nlohmann::ordered_json;

  void finish(io::OutputFile& file) override {
    const auto video = header_.name.empty() ? unnamed : header_.name;
    std::size_t next = 0;
    for (std::size_t i = 0; i < frames_.size(); ++i) {
      const auto number = frames_[i].number;
      Json labels = Json::array();
      for (; next < objects_.size() && objects_[next].frame == number; ++next) labels.push_back(label(objects_[next]));
      const Json frame{{"name", fmt::format("{}-{:07}.jpg", video, number)},
                       {"videoName", video},
                       {"frameIndex", number - 1},
                       {"labels", labels}};
      file.write((i == 0 ? "[\n" : ",\n") + frame.dump(-1, ' ', false, Json::error_handler_t::replace));
    }
    file.write(frames_.empty() ? "[]\n" : "\n]\n");
  }

 private:
  Json label(const Annotation& object) const {
    Json json;
    if (object.id >= 0) json["id"] = std::to_string(object.id);
    json["category"] = class_name(header_.class_names, object.class_id);
    json["attributes"] = {
        {"occluded", object.occlusion > 0}, {"truncated", object.truncation > 0}, {"crowd", object.crowd}};
    if (object.ignored) json["attributes"]["ignored"] = true;
    json["box2d"] = {{"x1", tidy(object.left)},
                     {"y1", tidy(object.top)},
                     {"x2", tidy(object.left + object.width)},
                     {"y2", tidy(object.top + object.height)}};
    if (object.score) json["score"] = tidy(*object.score);
    return json;
  }
};

}  // namespace

Annotations read_scalabel(const std::filesystem::path& path, const ReadOptions& options) {
  const auto document = read_json(path);
  const auto file = path.string();
  const JsonNode root(document, file);
  const auto frames = root.is_array() ? root : root.at("frames");
  Annotations annotations;
  annotations.name = choose(frames, options, file);
  ClassNumbers classes(options.class_names);
  TextIds ids;
  std::int64_t place = 0;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const auto frame = frames.element(i);
    if (video_of(frame) != annotations.name) continue;
    auto index = frame.find("frameIndex");
    if (!index) index = frame.find("index");  // of BDD100K's files before 2021
    const auto number = index ? index->whole() + 1 : place + 1;
    if (number < 1 || number > longest_video) frame.fail(fmt::format("frame index {}", number - 1));
    annotations.frame_count = std::max(annotations.frame_count, number);
    ++place;
    note_attributes(frame, {}, annotations.unread);
    const auto labels = frame.find("labels");
    for (std::size_t j = 0; labels && j < labels->size(); ++j)
      read_label(labels->element(j), number, classes, ids, annotations);
  }
  for (auto& object : annotations.objects) object.id = ids.final(object.id);
  annotations.class_names = classes.names();
  return annotations;
}

std::unique_ptr<Writer> make_scalabel_writer(const std::filesystem::path& path, Overwrite overwrite,
                                             const Header& header) {
  return std::make_unique<ScalabelWriter>(path, overwrite, header);
}

}  // namespace onepass::formats
