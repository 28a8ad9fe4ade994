#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "formats/keyframes.hpp"
#include "formats/xml/cvat.hpp"
#include "formats/xml/xml_document.hpp"

namespace onepass::formats {
namespace {

constexpr double largest_rotation = 1e9;  // in degrees; no program writes more than 360

/// Whether a box has this attribute, a checkbox.
bool is_checked(const pugi::xml_node& box, const char* name) {
  return std::string_view(box.find_child_by_attribute("attribute", "name", name).child_value()) == "true";
}

Annotation read_box(const XmlDocument& document, const pugi::xml_node& node, std::int64_t frame) {
  Annotation object{.frame = frame, .left = document.number(node, "xtl"), .top = document.number(node, "ytl")};
  object.width = tidy(document.number(node, "xbr") - object.left);
  object.height = tidy(document.number(node, "ybr") - object.top);
  object.occlusion = node.attribute("occluded").as_int() != 0 ? 1 : 0;
  object.crowd = is_checked(node, cvat_crowd);
  object.ignored = is_checked(node, cvat_ignored);
  if (const auto problem = problem_of(object); !problem.empty()) document.fail(node, problem);
  const double rotation = node.attribute("rotation") ? document.number(node, "rotation") : 0;
  if (std::abs(rotation) > largest_rotation) document.fail(node, fmt::format("a rotation of {} degrees", rotation));
  if (rotation != 0)
    object.shape.rotated =
        RotatedBox{static_cast<float>(object.left + object.width / 2),
                   static_cast<float>(object.top + object.height / 2), static_cast<float>(object.width),
                   static_cast<float>(object.height), static_cast<float>(rotation / degrees_per_radian)};
  return object;
}

void read_track(const XmlDocument& document, const pugi::xml_node& track, int class_id,
                std::vector<Annotation>& objects) {
  const auto id = document.whole(track, "id");
  std::vector<Keyframe> keyframes;
  const auto fail = [&](const std::string& what) { document.fail(track, what); };
  for (const auto& node : track.children("box")) {
    const auto frame = document.whole(node, "frame") + 1;
    if (node.attribute("outside").as_int() != 0) {
      if (!keyframes.empty() && keyframes.back().holds) {
        // The box stays until the frame before.
        auto last = keyframes.back().object;
        keyframes.back().holds = false;
        if (last.frame + 1 < frame) {
          keyframes.back().holds = true;
          last.frame = frame - 1;
          if (const auto problem = problem_of(last); !problem.empty()) document.fail(node, problem);
          keyframes.push_back({last, false});
        }
      }
      continue;
    }
    auto object = read_box(document, node, frame);
    object.id = std::max<std::int64_t>(-1, id);
    object.class_id = class_id;
    keyframes.push_back({object, true});
  }
  append_filled(keyframes, objects, fail);
}

/// Notes what a track or an image has beside boxes.
void note_unread(const pugi::xml_node& parent, std::set<std::string>& unread) {
  for (const auto& child : parent.children()) {
    if (child.type() != pugi::node_element) continue;  // such as text
    const std::string_view name(child.name());
    if (name != "box") unread.insert(name == "tag" ? "tags" : fmt::format("shapes of the kind {}", name));
    for (const auto& attribute : child.children("attribute")) {
      const std::string_view kind(attribute.attribute("name").value());
      if (kind != cvat_crowd && kind != cvat_ignored) unread.insert(fmt::format("the attribute {}", kind));
    }
  }
}

/// Takes what the file says about its video.
void read_facts(const pugi::xml_node& root, Annotations& annotations, ClassNumbers& classes) {
  const auto meta = root.child("meta");
  auto task = meta.child("task");
  if (!task) task = meta.child("job");
  if (const auto name = std::string(task.child_value("name")); !name.empty()) annotations.name = name;
  auto size = task.child("original_size");
  if (!size) size = meta.child("original_size");
  annotations.size = {std::clamp(size.child("width").text().as_int(), 0, 1 << 20),
                      std::clamp(size.child("height").text().as_int(), 0, 1 << 20)};
  annotations.frame_count = std::clamp<std::int64_t>(task.child("size").text().as_llong(), 0, longest_video);
  for (const auto& label : task.child("labels").children("label")) classes.number_of(label.child_value("name"));
}

}  // namespace

Annotations read_cvat(const std::filesystem::path& path, const ReadOptions& options) {
  const XmlDocument document(path);
  const auto root = document.root();
  if (std::string_view(root.name()) != "annotations") document.fail(root, "expected <annotations>");
  Annotations annotations{.name = path.stem().string()};
  ClassNumbers classes(options.class_names);
  read_facts(root, annotations, classes);
  for (const auto& track : root.children("track")) {
    note_unread(track, annotations.unread);
    read_track(document, track, classes.number_of(std::string(document.text(track, "label"))), annotations.objects);
  }
  for (const auto& image : root.children("image")) {
    note_unread(image, annotations.unread);
    const auto frame = document.whole(image, "id") + 1;
    for (const auto& box : image.children("box")) {
      auto object = read_box(document, box, frame);
      object.class_id = classes.number_of(std::string(document.text(box, "label")));
      annotations.objects.push_back(std::move(object));
    }
  }
  annotations.class_names = classes.names();
  return annotations;
}

}  // namespace onepass::formats
