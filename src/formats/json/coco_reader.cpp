#include <algorithm>
#include <stdexcept>
#include <unordered_map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "formats/json/attributes.hpp"
#include "formats/json/json_formats.hpp"
#include "formats/json/json_node.hpp"
#include "formats/json/shape_json.hpp"
#include "onepass/setting_error.hpp"

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

/// Whether onepass has written the file, whose frames always count from 0, also if the first one is missing.
bool is_own(const JsonNode& root) {
  const auto info = root.find("info");
  if (!info || !info->is_object()) return false;
  const auto text = info->find("description");
  return text && text->value().is_string() && text->text() == coco_description;
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

/// [x, y, visibility, …]; a point that is not labeled has visibility 0.
void read_keypoints(const JsonNode& node, Annotation& object) {
  const auto list = node.find("keypoints");
  if (!list || !list->is_array()) return;
  if (list->size() % 3 != 0) list->fail("is not a list of x, y and visibility");
  for (std::size_t i = 0; i + 2 < list->size(); i += 3)
    object.shape.keypoints.push_back({read_float(list->element(i)), read_float(list->element(i + 1)),
                                      static_cast<float>(std::clamp(list->element(i + 2).number() / 2, 0.0, 1.0))});
}

void read_rest(const JsonNode& node, Annotation& object, std::set<std::string>& unread) {
  object.class_id = node.at("category_id").small();
  auto id = node.find("track_id");
  if (!id) id = node.find("instance_id");
  if (id) object.id = std::max<std::int64_t>(-1, id->whole());
  if (const auto score = node.find("score")) object.score = score->number();
  if (const auto ignored = node.find("ignore")) object.ignored = ignored->flag();
  if (const auto crowd = node.find("iscrowd")) object.crowd = crowd->flag() && !(object.ignored && object.id >= 0);
  if (const auto segmentation = node.find("segmentation")) {
    if (segmentation->is_object()) object.shape.mask = read_mask(*segmentation);
    if (segmentation->is_array() && segmentation->size() > 0) unread.insert("polygons");
  }
  read_keypoints(node, object);
  note_attributes(node, {}, unread);
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
    read_rest(node, object, annotations.unread);
    object.frame = number;
    annotations.objects.push_back(std::move(object));
  }
  for (auto& object : annotations.objects) object.frame += from_zero ? 1 : 0;
  return annotations;
}

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
    read_rest(node, object, annotations.unread);
    annotations.objects.push_back(std::move(object));
  }
  return annotations;
}

}  // namespace onepass::formats
