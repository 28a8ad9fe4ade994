#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "formats/text/columns.hpp"
#include "formats/text/row_writer.hpp"
#include "formats/text/text_formats.hpp"

namespace onepass::formats {
namespace {

constexpr std::array<std::string_view, 12> visdrone_classes{
    "ignored", "pedestrian", "people",          "bicycle", "car",   "van",
    "truck",   "tricycle",   "awning-tricycle", "bus",     "motor", "others"};
constexpr int visdrone_ignored = 0;
constexpr int visdrone_others = 11;

constexpr std::array<std::string_view, 4> uavdt_classes{"vehicle", "car", "truck", "bus"};

template <std::size_t count>
int number_in(const std::array<std::string_view, count>& names, std::string_view name, int otherwise) {
  const auto found = std::ranges::find(names, name);
  return found == names.end() ? otherwise : static_cast<int>(found - names.begin());
}

template <std::size_t count>
ClassNames names_of(const std::array<std::string_view, count>& classes) {
  ClassNames names;
  for (std::size_t i = 0; i < count; ++i) names[static_cast<int>(i)] = classes[i];
  return names;
}

int visdrone_class(const std::string& name) {
  if (name == "person") return number_in(visdrone_classes, "pedestrian", 0);
  if (name == "motorcycle") return number_in(visdrone_classes, "motor", 0);
  return number_in(visdrone_classes, name, visdrone_others);
}

/// The first six columns, which both formats share.
Annotation box_of(const Columns& row) {
  const auto id = row.whole(1);
  return {.frame = row.whole(0),
          .id = id < 0 ? -1 : id,
          .left = row.number(2),
          .top = row.number(3),
          .width = row.number(4),
          .height = row.number(5)};
}

std::string box_text(std::int64_t frame, const Annotation& object) {
  return fmt::format("{},{},{},{},{},{}", frame, object.id, tidy(object.left), tidy(object.top), tidy(object.width),
                     tidy(object.height));
}

std::string visdrone_rows(const LabeledFrame& frame, const Header& header) {
  std::string text;
  for (const auto& object : frame.objects) {
    const int number =
        object.crowd ? visdrone_ignored : visdrone_class(class_name(header.class_names, object.class_id));
    fmt::format_to(std::back_inserter(text), "{},{},{},{},{}\n", box_text(frame.number, object),
                   object.ignored ? 0 : tidy(object.score.value_or(1)), number, object.truncation, object.occlusion);
  }
  return text;
}

std::string uavdt_rows(const LabeledFrame& frame, const Header&) {
  std::string text;
  for (const auto& object : frame.objects)
    fmt::format_to(std::back_inserter(text), "{},{},-1,-1\n", box_text(frame.number, object),
                   object.score ? tidy(*object.score) : 1);
  return text;
}

}  // namespace

bool is_visdrone_class(const std::string& name) { return name == "others" || visdrone_class(name) != visdrone_others; }

Annotations read_visdrone(const std::filesystem::path& path, const ReadOptions&) {
  Annotations annotations{.name = path.stem().string(), .class_names = names_of(visdrone_classes)};
  Columns row(path, ',');
  while (row.next()) {
    row.require(10, 11);
    if (row.count() == 11 && !row.text(10).empty()) row.require(10, 10);  // one comma may end the row
    auto object = box_of(row);
    object.score = row.number(6);
    object.class_id = row.small(7);
    if (object.class_id < 0 || object.class_id >= static_cast<int>(visdrone_classes.size()))
      row.fail(fmt::format("class {} is not one of 0 to {}", object.class_id, visdrone_classes.size() - 1));
    object.crowd = object.class_id == visdrone_ignored || object.class_id == visdrone_others;
    object.truncation = std::clamp(row.small(8), -1, 2);
    object.occlusion = std::clamp(row.small(9), -1, 3);
    annotations.objects.push_back(row.checked(std::move(object)));
  }
  take_marks(annotations.objects);
  return annotations;
}

std::unique_ptr<Writer> make_visdrone_writer(const std::filesystem::path& path, Overwrite overwrite,
                                             const Header& header) {
  return std::make_unique<RowWriter>(path, overwrite, header, visdrone_rows);
}

Annotations read_uavdt(const std::filesystem::path& path, const ReadOptions&) {
  Annotations annotations{.name = path.stem().string(), .class_names = names_of(uavdt_classes)};
  const bool whole = annotations.name.ends_with("_gt_whole");
  const bool ignored = annotations.name.ends_with("_gt_ignore");
  Columns row(path, ',');
  while (row.next()) {
    row.require(9, 9);
    auto object = box_of(row);
    object.crowd = ignored;
    if (!whole) object.score = row.number(6);
    if (whole) object.occlusion = std::clamp(row.small(7) - 1, 0, 3);  // 1: none, to 4: large
    if (whole) object.class_id = row.small(8);
    if (object.class_id < 0 || object.class_id >= static_cast<int>(uavdt_classes.size()))
      row.fail(fmt::format("class {} is not one of 1 car, 2 truck, 3 bus", object.class_id));
    annotations.objects.push_back(row.checked(std::move(object)));
  }
  return annotations;
}

std::unique_ptr<Writer> make_uavdt_writer(const std::filesystem::path& path, Overwrite overwrite,
                                          const Header& header) {
  return std::make_unique<RowWriter>(path, overwrite, header, uavdt_rows);
}

}  // namespace onepass::formats
