#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "formats/collecting_writer.hpp"
#include "formats/json/json_formats.hpp"
#include "formats/json/json_node.hpp"
#include "formats/json/shape_json.hpp"
#include "onepass/shape_geometry.hpp"

namespace onepass::formats {
namespace {

class CocoWriter : public CollectingWriter {
 public:
  using CollectingWriter::CollectingWriter;
  ~CocoWriter() override { close_quietly(); }

 protected:
  using Json = nlohmann::ordered_json;

  void finish(io::OutputFile& file) override {
    find_classes();
    file.write(fmt::format(R"({{"info": {{"description": "{}"}}, "licenses": [],)", coco_description));
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
    if (!shape.mask.empty()) {
      json["area"] = area(shape.mask);
      json["segmentation"] = mask_json(shape.mask);
    }
    if (shape.keypoints.empty()) return;
    Json points = Json::array();
    for (const auto& [x, y, score] : shape.keypoints) {
      points.push_back(shortest_decimal(x));
      points.push_back(shortest_decimal(y));
      points.push_back(score >= 0.5F ? 2 : score > 0 ? 1 : 0);  // visible, hidden, not labeled
    }
    json["keypoints"] = std::move(points);
    json["num_keypoints"] = std::ranges::count_if(shape.keypoints, [](const auto& point) { return point.score > 0; });
  }

  std::set<int> classes_;
  int shift_ = 0;
};

}  // namespace

std::unique_ptr<Writer> make_coco_writer(const std::filesystem::path& path, Overwrite overwrite, const Header& header) {
  return std::make_unique<CocoWriter>(path, overwrite, header);
}

}  // namespace onepass::formats
