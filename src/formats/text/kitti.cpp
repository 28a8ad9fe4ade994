#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "formats/text/columns.hpp"
#include "formats/text/row_writer.hpp"
#include "formats/text/text_formats.hpp"

namespace onepass::formats {
namespace {

constexpr std::size_t first_of_3d_box = 10;  // its height; -1: unknown
constexpr std::size_t columns_of_truth = 17;
constexpr const char* crowd_name = "DontCare";

std::string without_spaces(std::string name) {
  std::ranges::replace_if(
      name, [](unsigned char letter) { return letter <= ' '; }, '_');
  return name.empty() ? "_" : name;
}

/// KITTI's own name of a class that COCO calls otherwise; "Car" for "car".
std::string kitti_name(const std::string& name) {
  if (name == "person" || name == "pedestrian") return "Pedestrian";
  for (const char* known : {"Car", "Van", "Truck", "Cyclist", "Tram", "Misc"}) {
    if (std::ranges::equal(
            name, std::string_view(known), {}, [](unsigned char c) { return std::tolower(c); },
            [](unsigned char c) { return std::tolower(c); }))
      return known;
  }
  return without_spaces(name);
}

std::string rows(const LabeledFrame& frame, const Header& header) {
  std::string text;
  for (const auto& object : frame.objects) {
    const bool is_region = object.crowd || object.ignored;
    const auto name = is_region ? crowd_name : kitti_name(class_name(header.class_names, object.class_id));
    fmt::format_to(std::back_inserter(text), "{} {} {} {} {} -10 {} {} {} {} -1 -1 -1 -1000 -1000 -1000 -10{}\n",
                   frame.number - 1, is_region ? -1 : object.id, name, object.truncation, object.occlusion,
                   tidy(object.left), tidy(object.top), tidy(object.left + object.width),
                   tidy(object.top + object.height), object.score ? fmt::format(" {}", tidy(*object.score)) : "");
  }
  return text;
}

}  // namespace

Annotations read_kitti(const std::filesystem::path& path, const ReadOptions& options) {
  Annotations annotations;
  annotations.name = path.stem().string();
  ClassNumbers classes(options.class_names);
  Columns row(path, ' ');
  while (row.next()) {
    row.require(columns_of_truth, columns_of_truth + 1);
    const auto id = row.whole(1);
    const double left = row.number(6);
    const double top = row.number(7);
    Annotation object{.frame = row.whole(0) + 1,
                      .id = id < 0 ? -1 : id,
                      .left = left,
                      .top = top,
                      .width = tidy(row.number(8) - left),
                      .height = tidy(row.number(9) - top),
                      .crowd = row.text(2) == crowd_name,
                      .truncation = static_cast<int>(std::lround(std::clamp(row.number(3), -1.0, 2.0))),
                      .occlusion = std::clamp(row.small(4), -1, 3)};
    if (row.count() > columns_of_truth) object.score = row.number(columns_of_truth);
    for (std::size_t i = first_of_3d_box; i < columns_of_truth; ++i) row.number(i);  // only checks that it is a number
    if (row.number(first_of_3d_box) > 0) annotations.unread.insert("3D boxes");
    object.class_id = classes.number_of(std::string(row.text(2)));
    annotations.objects.push_back(row.checked(std::move(object)));
  }
  annotations.class_names = classes.names();
  return annotations;
}

std::unique_ptr<Writer> make_kitti_writer(const std::filesystem::path& path, Overwrite overwrite,
                                          const Header& header) {
  return std::make_unique<RowWriter>(path, overwrite, header, rows);
}

}  // namespace onepass::formats
