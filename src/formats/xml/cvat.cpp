#include "formats/xml/cvat.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numbers>
#include <set>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>
#include <pugixml.hpp>

#include "core/printable.hpp"
#include "formats/collecting_writer.hpp"
#include "formats/json/json_node.hpp"
#include "formats/keyframes.hpp"

namespace onepass::formats {
namespace {

/// Attributes of boxes that are not evaluated: CVAT has no word of its own for them.
constexpr const char* crowd_attribute = "crowd";
constexpr const char* ignored_attribute = "ignored";

constexpr double degrees = 180 / std::numbers::pi;

/// A parsed document, for errors that name the line.
class Document {
 public:
  explicit Document(const std::filesystem::path& path) : file_(path.string()), text_(read_text(path)) {
    const auto parsed = tree_.load_buffer(text_.data(), text_.size());
    if (!parsed)
      throw std::runtime_error(
          fmt::format("{}:{}: is not valid XML: {}", file_, line_of(parsed.offset), parsed.description()));
  }

  pugi::xml_node root() const { return tree_.document_element(); }

  [[noreturn]] void fail(const pugi::xml_node& node, const std::string& what) const {
    throw std::runtime_error(
        fmt::format("{}:{}: <{}>: {}", file_, line_of(node.offset_debug()), printable(node.name()), printable(what)));
  }

  std::string_view text(const pugi::xml_node& node, const char* attribute) const {
    const auto found = node.attribute(attribute);
    if (!found) fail(node, fmt::format("has no attribute '{}'", attribute));
    return found.value();
  }

  double number(const pugi::xml_node& node, const char* attribute) const {
    const auto digits = text(node, attribute);
    double value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size() || !std::isfinite(value))
      fail(node, fmt::format("{}: '{}' is not a finite number", attribute, digits.substr(0, 40)));
    return value;
  }

  std::int64_t whole(const pugi::xml_node& node, const char* attribute) const {
    const double value = number(node, attribute);
    if (value != std::floor(value) || std::abs(value) > std::ldexp(1.0, 53))
      fail(node, fmt::format("{}: is not a whole number", attribute));
    return static_cast<std::int64_t>(value);
  }

 private:
  std::int64_t line_of(std::ptrdiff_t offset) const {
    const auto end = std::clamp<std::ptrdiff_t>(offset, 0, static_cast<std::ptrdiff_t>(text_.size()));
    return 1 + std::count(text_.begin(), text_.begin() + end, '\n');
  }

  std::string file_;
  std::string text_;
  pugi::xml_document tree_;
};

/// Whether a box has this attribute, a checkbox.
bool is_checked(const pugi::xml_node& box, const char* name) {
  return std::string_view(box.find_child_by_attribute("attribute", "name", name).child_value()) == "true";
}

Annotation read_box(const Document& document, const pugi::xml_node& node, std::int64_t frame) {
  Annotation object{.frame = frame, .left = document.number(node, "xtl"), .top = document.number(node, "ytl")};
  object.width = tidy(document.number(node, "xbr") - object.left);
  object.height = tidy(document.number(node, "ybr") - object.top);
  object.occlusion = node.attribute("occluded").as_int() != 0 ? 1 : 0;
  object.crowd = is_checked(node, crowd_attribute);
  object.ignored = is_checked(node, ignored_attribute);
  if (const auto problem = problem_of(object); !problem.empty()) document.fail(node, problem);
  if (node.attribute("rotation") && document.number(node, "rotation") != 0)
    object.shape.rotated =
        RotatedBox{static_cast<float>(object.left + object.width / 2),
                   static_cast<float>(object.top + object.height / 2), static_cast<float>(object.width),
                   static_cast<float>(object.height), static_cast<float>(document.number(node, "rotation") / degrees)};
  return object;
}

void read_track(const Document& document, const pugi::xml_node& track, int class_id, std::vector<Annotation>& objects) {
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

class CvatWriter : public CollectingWriter {
 public:
  using CollectingWriter::CollectingWriter;
  ~CvatWriter() override { close_quietly(); }

 protected:
  void finish(io::OutputFile& file) override {
    file.write("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<annotations>\n  <version>1.1</version>\n");
    file.write(meta());
    std::int64_t number = 0;  // of objects without an id
    for (const auto& track : by_identity(objects_)) {
      if (track.front()->id >= 0) number = std::max(number, track.front()->id + 1);
    }
    for (const auto& track : by_identity(objects_)) {
      const auto id = track.front()->id;
      file.write(track_text(track, id >= 0 && !track.front()->crowd ? id : number++));
    }
    file.write("</annotations>\n");
  }

 private:
  static std::string text_of(const pugi::xml_node& node) {
    std::ostringstream text;
    node.print(text, "  ", pugi::format_default, pugi::encoding_utf8, 1);
    return std::move(text).str();
  }

  std::string meta() const {
    pugi::xml_document document;
    auto meta = document.append_child("meta");
    auto task = meta.append_child("task");
    const auto put = [](pugi::xml_node parent, const char* name, const std::string& value) {
      parent.append_child(name).text().set(printable(value).c_str());
    };
    const auto last = frames_.empty() ? 0 : frames_.back().number;
    put(task, "name", header_.name);
    put(task, "size", std::to_string(last));
    put(task, "mode", "interpolation");
    put(task, "start_frame", "0");
    put(task, "stop_frame", std::to_string(std::max<std::int64_t>(0, last - 1)));
    auto labels = task.append_child("labels");
    std::set<std::string> names;
    for (const auto& object : objects_) names.insert(class_name(header_.class_names, object.class_id));
    for (const auto& [_, name] : header_.class_names) names.insert(name);
    for (const auto& name : names) {
      auto label = labels.append_child("label");
      put(label, "name", name);
      auto attributes = label.append_child("attributes");
      for (const char* mark : {crowd_attribute, ignored_attribute}) {
        if (header_.has_marks) declare_checkbox(attributes, mark);
      }
    }
    auto original = task.append_child("original_size");
    put(original, "width", std::to_string(size().width));
    put(original, "height", std::to_string(size().height));
    return text_of(meta);
  }

  static void declare_checkbox(pugi::xml_node attributes, const char* name) {
    auto attribute = attributes.append_child("attribute");
    attribute.append_child("name").text().set(name);
    attribute.append_child("mutable").text().set("True");
    attribute.append_child("input_type").text().set("checkbox");
    attribute.append_child("default_value").text().set("false");
    attribute.append_child("values").text().set("false");
  }

  std::string track_text(const std::vector<const Annotation*>& track, std::int64_t id) {
    pugi::xml_document document;
    auto node = document.append_child("track");
    node.append_attribute("id") = static_cast<long long>(id);
    node.append_attribute("label") = printable(class_name(header_.class_names, track.front()->class_id)).c_str();
    node.append_attribute("source") = "auto";
    for (std::size_t i = 0; i < track.size(); ++i) {
      append_box(node, *track[i], track[i]->frame, "0");
      const auto following = next_frame(track[i]->frame);
      const bool ends = i + 1 == track.size() || track[i + 1]->frame > following;
      if (ends && following > 0) append_box(node, *track[i], following, "1");
    }
    return text_of(node);
  }

  void append_box(pugi::xml_node track, const Annotation& object, std::int64_t frame, const char* outside) const {
    const auto put = [](double value) { return fmt::format("{}", tidy(value)); };
    auto box = track.append_child("box");
    box.append_attribute("frame") = static_cast<long long>(frame - 1);
    box.append_attribute("keyframe") = "1";
    box.append_attribute("outside") = outside;
    box.append_attribute("occluded") = object.occlusion > 0 ? "1" : "0";
    const auto& rotated = object.shape.rotated;
    const double width = rotated ? rotated->width : object.width;
    const double height = rotated ? rotated->height : object.height;
    const double left = rotated ? rotated->center_x - width / 2 : object.left;
    const double top = rotated ? rotated->center_y - height / 2 : object.top;
    box.append_attribute("xtl") = put(left).c_str();
    box.append_attribute("ytl") = put(top).c_str();
    box.append_attribute("xbr") = put(left + width).c_str();
    box.append_attribute("ybr") = put(top + height).c_str();
    if (rotated) {
      const double turned = std::remainder(rotated->angle * degrees, 360.0);
      box.append_attribute("rotation") = put(turned < 0 ? turned + 360 : turned).c_str();
    }
    box.append_attribute("z_order") = "0";
    if (header_.has_marks) put_checkbox(box, crowd_attribute, object.crowd);
    if (header_.has_marks) put_checkbox(box, ignored_attribute, object.ignored);
  }

  static void put_checkbox(pugi::xml_node box, const char* name, bool value) {
    auto attribute = box.append_child("attribute");
    attribute.append_attribute("name") = name;
    attribute.text().set(value ? "true" : "false");
  }

  /// The frame after this one in the video; 0 after the last.
  std::int64_t next_frame(std::int64_t frame) const {
    const auto found = std::ranges::upper_bound(frames_, frame, {}, &FrameFacts::number);
    return found == frames_.end() ? 0 : found->number;
  }
};

}  // namespace

Annotations read_cvat(const std::filesystem::path& path, const ReadOptions& options) {
  const Document document(path);
  const auto root = document.root();
  if (std::string_view(root.name()) != "annotations") document.fail(root, "expected <annotations>");
  Annotations annotations{.name = path.stem().string()};
  ClassNumbers classes(options.class_names);
  read_facts(root, annotations, classes);
  for (const auto& track : root.children("track"))
    read_track(document, track, classes.number_of(std::string(document.text(track, "label"))), annotations.objects);
  for (const auto& image : root.children("image")) {
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

std::unique_ptr<Writer> make_cvat_writer(const std::filesystem::path& path, Overwrite overwrite, const Header& header) {
  return std::make_unique<CvatWriter>(path, overwrite, header);
}

}  // namespace onepass::formats
