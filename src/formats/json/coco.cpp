#include <algorithm>
#include <set>
#include <stdexcept>
#include <unordered_map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "formats/collecting_writer.hpp"
#include "formats/json/json_formats.hpp"
#include "formats/json/json_node.hpp"
#include "onepass/setting_error.hpp"
#include "onepass/shape_geometry.hpp"

namespace onepass::formats {
namespace {

struct Image {
  std::int64_t frame = 1;
  std::int64_t video = -1;
  cv::Size size{};
};
using Images = std::unordered_map<std::int64_t, Image>;

std::vector<std::pair<std::int64_t, std::string>> videos_of(const JsonNode& root) {
  std::vector<std::pair<std::int64_t, std::string>> videos;
  const auto list = root.find("videos");
  for (std::size_t i = 0; list && i < list->size(); ++i) {
    const auto video = list->element(i);
    const auto id = video.at("id").whole();
    const auto name = video.find("name");
    videos.emplace_back(id, name ? name->text() : fmt::format("video {}", id));
  }
  return videos;
}

/// Returns the number of the chosen video; -1 if the file has no videos.
std::int64_t choose(const JsonNode& root, const ReadOptions& options, const std::string& file, std::string& name) {
  const auto videos = videos_of(root);
  if (videos.empty()) return -1;
  std::vector<std::string> names;
  for (const auto& [id, title] : videos) names.push_back(title);
  name = chosen_video(names, options.video, file);
  return videos[static_cast<std::size_t>(std::ranges::find(names, name) - names.begin())].first;
}

cv::Size size_of(const JsonNode& node) {
  const auto width = node.find("width");
  const auto height = node.find("height");
  if (!width || !height) return {};
  return {std::clamp(width->small(), 0, 1 << 20), std::clamp(height->small(), 0, 1 << 20)};
}

constexpr const char* description = "written by onepass";

/// Whether onepass has written the file, whose frames always count from 0, also if the first one is missing.
bool is_own(const JsonNode& root) {
  const auto info = root.find("info");
  if (!info || !info->is_object()) return false;
  const auto text = info->find("description");
  return text && text->value().is_string() && text->text() == description;
}

/// The images of a video. Their own numbers decide if all have one, otherwise their order.
Images read_images(const JsonNode& root, std::int64_t video) {
  Images images;
  std::vector<std::int64_t> order;
  bool numbered = true, from_zero = is_own(root);
  const auto list = root.at("images");
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto node = list.element(i);
    const auto owner = node.find("video_id");
    if (video >= 0 && (!owner || owner->whole() != video)) continue;
    const auto id = node.at("id").whole();
    auto number = node.find("frame_index");
    if (!number) number = node.find("frame_id");
    numbered = numbered && number.has_value();
    Image image{.frame = number ? number->whole() : 0, .size = size_of(node)};
    from_zero = from_zero || image.frame == 0;
    if (image.frame < 0 || image.frame > longest_video) node.fail(fmt::format("frame {}", image.frame));
    if (!images.emplace(id, image).second) node.fail(fmt::format("id {} is that of another image", id));
    order.push_back(id);
  }
  std::int64_t place = 0;
  for (const auto id : order) {
    auto& frame = images[id].frame;
    ++place;
    frame = numbered ? frame + (from_zero ? 1 : 0) : place;
  }
  return images;
}

void read_box(const JsonNode& node, Annotation& object) {
  const auto box = node.at("bbox");
  if (box.size() != 4) box.fail("is not [left, top, width, height]");
  object.left = box.element(0).number();
  object.top = box.element(1).number();
  object.width = box.element(2).number();
  object.height = box.element(3).number();
}

/// A mask as run lengths; polygons are not read.
void read_mask(const JsonNode& node, Annotation& object) {
  const auto segmentation = node.find("segmentation");
  if (!segmentation || !segmentation->is_object()) return;
  const auto size = segmentation->at("size");
  if (size.size() != 2) size.fail("is not [height, width]");
  constexpr int largest_side = 1 << 16;
  const int height = size.element(0).small();
  const int width = size.element(1).small();
  if (height < 1 || width < 1 || height > largest_side || width > largest_side) size.fail("is no size of a frame");
  const auto counts = segmentation->at("counts");
  if (!counts.is_array()) {
    try {
      object.shape.mask = from_coco_text(counts.text(), width, height);
    } catch (const std::invalid_argument& error) {
      counts.fail(error.what());
    }
    return;
  }
  Mask mask{width, height, {}};
  std::int64_t pixels = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const auto run = counts.element(i).small();
    if (run < 0) counts.fail("has a negative run");
    pixels += run;
    mask.runs.push_back(static_cast<std::uint32_t>(run));
  }
  if (pixels != std::int64_t{width} * height) counts.fail("does not add up to the size");
  object.shape.mask = std::move(mask);
}

/// [x, y, visibility, …]; a point that is not labeled has visibility 0.
void read_keypoints(const JsonNode& node, Annotation& object) {
  const auto list = node.find("keypoints");
  if (!list || !list->is_array()) return;
  if (list->size() % 3 != 0) list->fail("is not a list of x, y and visibility");
  for (std::size_t i = 0; i + 2 < list->size(); i += 3)
    object.shape.keypoints.push_back({static_cast<float>(list->element(i).number()),
                                      static_cast<float>(list->element(i + 1).number()),
                                      static_cast<float>(std::clamp(list->element(i + 2).number() / 2, 0.0, 1.0))});
}

void read_rest(const JsonNode& node, Annotation& object) {
  object.class_id = node.at("category_id").small();
  auto id = node.find("track_id");
  if (!id) id = node.find("instance_id");
  if (id) object.id = std::max<std::int64_t>(-1, id->whole());
  if (const auto score = node.find("score")) object.score = score->number();
  if (const auto ignored = node.find("ignore")) object.ignored = ignored->flag();
  if (const auto crowd = node.find("iscrowd")) object.crowd = crowd->flag() && !(object.ignored && object.id >= 0);
  read_mask(node, object);
  read_keypoints(node, object);
  if (const auto problem = problem_of(object); !problem.empty()) node.fail(problem);
}

/// A list of results: the number of an image is that of its frame.
Annotations read_results(const JsonNode& root) {
  Annotations annotations;
  bool from_zero = false;
  for (std::size_t i = 0; i < root.size(); ++i) {
    const auto node = root.element(i);
    Annotation object;
    const auto image = node.at("image_id");
    const auto number = image.whole();
    if (number < 0 || number >= longest_video) image.fail("is not the number of a frame");
    from_zero = from_zero || number == 0;
    read_box(node, object);
    read_rest(node, object);
    object.frame = number;
    annotations.objects.push_back(std::move(object));
  }
  for (auto& object : annotations.objects) object.frame += from_zero ? 1 : 0;
  return annotations;
}

class CocoWriter : public CollectingWriter {
 public:
  using CollectingWriter::CollectingWriter;
  ~CocoWriter() override { close_quietly(); }

 protected:
  using Json = nlohmann::ordered_json;

  void finish(io::OutputFile& file) override {
    find_classes();
    file.write(fmt::format(R"({{"info": {{"description": "{}"}}, "licenses": [],)", description));
    const Json name = header_.name.empty() ? "video" : header_.name;
    Json video{{"id", 1}, {"name", name}};
    put_size(video, size());
    if (header_.frame_rate > 0) video["fps"] = tidy(header_.frame_rate);
    file.write("\n\"videos\": [" + text(video) + "],\n\"categories\": [");
    bool first = true;
    for (const auto& number : classes_) {
      file.write((first ? "\n" : ",\n") +
                 text({{"id", number + shift_}, {"name", class_name(header_.class_names, number)}}));
      first = false;
    }
    file.write("],\n\"images\": [");
    write_images(file);
    file.write("],\n\"annotations\": [");
    write_objects(file);
    file.write("]}\n");
  }

 private:
  static std::string text(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

  static void put_size(Json& json, cv::Size size) {
    if (size.empty()) return;
    json["width"] = size.width;
    json["height"] = size.height;
  }

  /// COCO numbers classes from 1: if there is a class 0, all move up by one.
  void find_classes() {
    for (const auto& [number, _] : header_.class_names) classes_.insert(number);
    for (const auto& object : objects_) classes_.insert(object.class_id);
    shift_ = classes_.empty() || *classes_.begin() > 0 ? 0 : 1 - *classes_.begin();
  }

  void write_images(io::OutputFile& file) const {
    const auto fallback = size();
    for (std::size_t i = 0; i < frames_.size(); ++i) {
      const auto& frame = frames_[i];
      Json image{{"id", frame.number},
                 {"video_id", 1},
                 {"frame_index", frame.number - 1},
                 {"frame_id", frame.number - 1},
                 {"file_name", fmt::format("{:06}.jpg", frame.number)}};
      put_size(image, frame.size.empty() ? fallback : frame.size);
      file.write((i == 0 ? "\n" : ",\n") + text(image));
    }
  }

  void write_objects(io::OutputFile& file) const {
    for (std::size_t i = 0; i < objects_.size(); ++i) {
      const auto& object = objects_[i];
      Json json{{"id", i + 1},
                {"image_id", object.frame},
                {"video_id", 1},
                {"category_id", object.class_id + shift_},
                {"bbox", {tidy(object.left), tidy(object.top), tidy(object.width), tidy(object.height)}},
                {"area", tidy(object.width * object.height)},
                {"iscrowd", object.crowd || object.ignored ? 1 : 0}};
      if (object.ignored) json["ignore"] = 1;  // evaluations of COCO heed iscrowd only
      if (object.id >= 0) json["track_id"] = object.id;
      if (object.id >= 0) json["instance_id"] = object.id;
      if (object.score) json["score"] = tidy(*object.score);
      put_shape(json, object.shape);
      file.write((i == 0 ? "\n" : ",\n") + text(json));
    }
  }

  static void put_shape(Json& json, const Shape& shape) {
    if (const auto& mask = shape.mask; !mask.empty()) {
      json["area"] = area(mask);
      json["segmentation"] = {{"size", {mask.height, mask.width}}, {"counts", to_coco_text(mask)}};
    }
    if (shape.keypoints.empty()) return;
    Json points = Json::array();
    for (const auto& [x, y, score] : shape.keypoints) {
      points.push_back(tidy(x));
      points.push_back(tidy(y));
      points.push_back(score >= 0.5F ? 2 : score > 0 ? 1 : 0);  // visible, hidden, not labeled
    }
    json["keypoints"] = std::move(points);
    json["num_keypoints"] = std::ranges::count_if(shape.keypoints, [](const auto& point) { return point.score > 0; });
  }

  std::set<int> classes_;
  int shift_ = 0;
};

}  // namespace

std::string chosen_video(const std::vector<std::string>& names, const std::string& wanted, const std::string& file) {
  constexpr std::size_t most_listed = 10;
  if (wanted.empty() && names.size() == 1) return names.front();
  if (!wanted.empty() && std::ranges::find(names, wanted) != names.end()) return wanted;
  const auto listed = std::span(names).first(std::min(names.size(), most_listed));
  throw SettingError(
      "video", fmt::format("{}: {}; it has {}{}", file,
                           wanted.empty() ? "has several videos: choose one" : fmt::format("has no video '{}'", wanted),
                           fmt::join(listed, ", "), names.size() > most_listed ? ", …" : ""));
}

Annotations read_coco(const std::filesystem::path& path, const ReadOptions& options) {
  const auto document = read_json(path);
  const auto file = path.string();
  const JsonNode root(document, file);
  if (root.is_array()) {
    auto annotations = read_results(root);
    annotations.name = path.stem().string();
    for (std::size_t i = 0; i < options.class_names.size(); ++i)
      annotations.class_names[static_cast<int>(i)] = options.class_names[i];
    return annotations;
  }
  Annotations annotations{.name = path.stem().string()};
  const auto video = choose(root, options, file, annotations.name);
  const auto images = read_images(root, video);
  for (const auto& [id, image] : images) {
    annotations.frame_count = std::max(annotations.frame_count, image.frame);
    if (annotations.size.empty()) annotations.size = image.size;
  }
  const auto categories = root.find("categories");
  for (std::size_t i = 0; categories && i < categories->size(); ++i) {
    const auto category = categories->element(i);
    annotations.class_names[category.at("id").small()] = category.at("name").text();
  }
  const auto list = root.at("annotations");
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto node = list.element(i);
    const auto image = images.find(node.at("image_id").whole());
    if (image == images.end()) {
      if (video >= 0) continue;  // of another video
      node.fail("its image_id is not the id of an image");
    }
    Annotation object{.frame = image->second.frame};
    read_box(node, object);
    read_rest(node, object);
    annotations.objects.push_back(std::move(object));
  }
  return annotations;
}

std::unique_ptr<Writer> make_coco_writer(const std::filesystem::path& path, Overwrite overwrite, const Header& header) {
  return std::make_unique<CocoWriter>(path, overwrite, header);
}

}  // namespace onepass::formats
