#include <algorithm>
#include <cmath>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <pugixml.hpp>

#include "core/printable.hpp"
#include "formats/collecting_writer.hpp"
#include "formats/xml/cvat.hpp"

namespace onepass::formats {
namespace {

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
      for (const char* mark : {cvat_crowd, cvat_ignored}) {
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
    const auto put = [](auto value) { return fmt::format("{}", tidy(value)); };
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
      const double turned = std::remainder(rotated->angle * degrees_per_radian, 360.0);
      box.append_attribute("rotation") = put(turned < 0 ? turned + 360 : turned).c_str();
    }
    box.append_attribute("z_order") = "0";
    if (header_.has_marks) put_checkbox(box, cvat_crowd, object.crowd);
    if (header_.has_marks) put_checkbox(box, cvat_ignored, object.ignored);
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

std::unique_ptr<Writer> make_cvat_writer(const std::filesystem::path& path, Overwrite overwrite, const Header& header) {
  return std::make_unique<CvatWriter>(path, overwrite, header);
}

}  // namespace onepass::formats
