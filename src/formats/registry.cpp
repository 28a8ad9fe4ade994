#include "formats/registry.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/nearest_name.hpp"
#include "formats/json/json_formats.hpp"
#include "formats/recognition.hpp"
#include "formats/text/text_formats.hpp"
#include "formats/xml/cvat.hpp"
#include "onepass/setting_error.hpp"

namespace onepass::formats {
namespace {

constexpr unsigned bits(std::initializer_list<Part> parts) {
  unsigned result = 0;
  for (const auto part : parts) result |= static_cast<unsigned>(part);
  return result;
}

using enum Part;

constexpr std::array rows{
    Format{"coco", "COCO video JSON", ".json",
           bits({ids, scores, class_names, sizes, frame_rates, crowds, ignored, masks, keypoints}), true, read_coco,
           make_coco_writer},
    Format{"csv", "table with a header line (pandas, DuckDB, Excel)", ".csv",
           bits({ids, scores, class_numbers, class_names, crowds, ignored}), false, read_csv, make_csv_writer},
    Format{"cvat", "CVAT for video 1.1", ".xml", bits({ids, class_names, sizes, rotated, crowds, ignored}), true,
           read_cvat, make_cvat_writer},
    Format{"jsonl", "JSON Lines of onepass", ".jsonl",
           bits({ids, scores, class_numbers, class_names, crowds, ignored, masks, keypoints, rotated}), false,
           read_jsonl, make_jsonl_writer},
    Format{"kitti", "KITTI tracking", ".txt", bits({ids, scores, class_names, crowds, visibility}), false, read_kitti,
           make_kitti_writer},
    Format{"label-studio", "Label Studio video JSON", ".json", bits({ids, class_names, sizes, frame_rates}), true,
           read_label_studio, make_label_studio_writer},
    Format{"mot", "MOTChallenge text", ".txt", bits({ids, scores, class_numbers, ignored, rotated, visible_shares}),
           false, read_mot, make_mot_writer},
    Format{"mots", "MOTS text with masks", ".txt", bits({ids, class_numbers, masks, crowds}), false, read_mots,
           make_mots_writer},
    Format{"scalabel", "Scalabel JSON of BDD100K", ".json", bits({ids, scores, class_names, crowds, ignored}), true,
           read_scalabel, make_scalabel_writer},
    Format{"uavdt", "UAVDT text", ".txt", bits({ids, scores}), false, read_uavdt, make_uavdt_writer},
    Format{"visdrone", "VisDrone text", ".txt", bits({ids, scores, class_names, crowds, ignored, visibility}), false,
           read_visdrone, make_visdrone_writer},
    Format{"yolo", "YOLO text, a file per frame", "/", bits({ids, scores, class_numbers, class_names}), false,
           read_yolo, make_yolo_writer},
};

std::string listed() {
  std::string text;
  for (const auto& format : rows) text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", format.name, format.title);
  return text;
}

void refuse_parquet(const std::filesystem::path& path) {
  if (path.extension() == ".parquet") throw std::runtime_error(fmt::format("{}: {}", path.string(), way_to_parquet));
}

template <typename Has>
bool any(const Annotations& annotations, Has has) {
  return std::ranges::any_of(annotations.objects, has);
}

bool has_part(const Annotations& given, Part part) {
  switch (part) {
    case ids:
      return any(given, [](const Annotation& object) { return object.id >= 0; });
    case scores:
      return any(given, [](const Annotation& object) { return object.score && *object.score != 1; });
    case class_numbers:
      return given.class_names.empty() && any(given, [](const auto& o) { return o.class_id > 0; });
    case class_names:
      return !given.class_names.empty();
    case masks:
      return any(given, [](const Annotation& object) { return !object.shape.mask.empty(); });
    case keypoints:
      return any(given, [](const Annotation& object) { return !object.shape.keypoints.empty(); });
    case rotated:
      return any(given, [](const Annotation& object) { return object.shape.rotated.has_value(); });
    case sizes:
      return !given.size.empty();
    case frame_rates:
      return given.frame_rate > 0;
    case crowds:
      return any(given, [](const Annotation& object) { return object.crowd; });
    case ignored:
      return any(given, [](const Annotation& object) { return object.ignored && !object.crowd; });
    case visibility:
      return any(given, [](const Annotation& object) { return object.truncation > 0 || object.occlusion > 0; });
    case visible_shares:
      return any(given, [](const Annotation& object) { return object.visible_share.value_or(1) != 1; });
  }
  return false;
}

/// Whether an identity has several classes.
bool has_changing_class(const Annotations& annotations) {
  std::map<std::int64_t, int> classes;
  return any(annotations, [&](const Annotation& object) {
    return object.id >= 0 && classes.try_emplace(object.id, object.class_id).first->second != object.class_id;
  });
}

constexpr std::array<std::pair<Part, const char*>, 13> words{
    {{ids, "ids"},
     {scores, "scores"},
     {class_numbers, "class numbers"},
     {class_names, "class names"},
     {masks, "masks"},
     {keypoints, "keypoints"},
     {rotated, "rotated boxes"},
     {sizes, "frame size"},
     {frame_rates, "frame rate"},
     {crowds, "marks of regions that are not evaluated"},
     {ignored, "marks of objects that are not evaluated"},
     {visibility, "degrees of truncation and occlusion"},
     {visible_shares, "visible shares (the visibility of MOTChallenge)"}}};

/// What a format keeps of a part that it loses; "" if nothing.
std::string part_that_stays(Part part, const Format& format) {
  if (part == class_names && format.keeps_part(class_numbers)) return "their numbers stay";
  if (part == rotated) return "their upright bounds stay";
  if (part == visibility && format.name == "cvat") return "whether an object is occluded stays";
  if (part == visibility && format.name == "scalabel") return "whether an object is truncated or occluded stays";
  if (part == ignored && format.name == "kitti") return "they become DontCare regions, without id and class";
  if (part == ignored && format.name == "mots") return "they become regions of class 10, without a class";
  if (part == crowds && format.name == "mot") return "they are left out";
  return part == crowds || part == ignored ? "they count in an evaluation" : "";
}

}  // namespace

std::span<const Format> formats() { return rows; }

std::string format_names() {
  std::string names;
  for (const auto& format : rows) names += (names.empty() ? "" : ", ") + std::string(format.name);
  return names;
}

const Format& format_named(const std::string& name) {
  const auto found = std::ranges::find(rows, name, &Format::name);
  if (found != rows.end()) return *found;
  if (name == "parquet") throw std::invalid_argument(way_to_parquet);
  std::vector<std::string> known;
  for (const auto& format : rows) known.emplace_back(format.name);
  throw std::invalid_argument(
      fmt::format("'{}' is not a format{}; expected {}", name, did_you_mean(name, known), listed()));
}

const Format& recognized(const std::filesystem::path& path) {
  const auto name = format_of(path);
  if (name.empty())
    throw SettingError("from",
                       fmt::format("{}: the format is not recognized; it is none of {}", path.string(), listed()));
  return format_named(name);
}

const Format& suggested(const std::filesystem::path& path) {
  refuse_parquet(path);
  const auto text = path.string();
  if (text.ends_with('/') || std::filesystem::is_directory(path)) return format_named("yolo");
  if (path.extension() == ".txt") return format_named("mot");
  const auto found = std::ranges::find(rows, path.extension().string(), &Format::extension);
  if (found != rows.end()) return *found;
  throw SettingError("to", fmt::format("{}: its extension names no format; give one of {}", text, listed()));
}

Annotations read(const std::filesystem::path& path, const Format& format, const ReadOptions& options) {
  auto annotations = format.read(path, options);
  if (annotations.size.empty()) annotations.size = options.size;
  if (annotations.frame_rate == 0) annotations.frame_rate = options.frame_rate;
  if (annotations.class_names.empty()) {
    for (std::size_t i = 0; i < options.class_names.size(); ++i)
      annotations.class_names[static_cast<int>(i)] = options.class_names[i];
  }
  finish(annotations, path.string());
  return annotations;
}

void require_kept(const Annotations& annotations, const Format& format, const std::string& file) {
  if (format.name == "mots" && !annotations.objects.empty() && !has_part(annotations, masks))
    throw std::runtime_error(fmt::format("{}: no masks in this file, and mots keeps only objects with masks", file));
}

bool has_marks(const Annotations& annotations) {
  return has_part(annotations, crowds) || has_part(annotations, ignored);
}

std::vector<std::string> losses(const Annotations& annotations, const Format& format) {
  std::vector<std::string> lines;
  for (const auto& [part, word] : words) {
    const auto remainder = part_that_stays(part, format);
    if (part == masks && format.name == "mots" && !has_part(annotations, masks)) {
      lines.push_back("mots keeps only objects with masks");
      continue;
    }
    if (!format.keeps_part(part) && has_part(annotations, part))
      lines.push_back(
          fmt::format("{} keeps no {}{}", format.name, word, remainder.empty() ? "" : fmt::format(" ({})", remainder)));
  }
  if ((format.name == "cvat" || format.name == "label-studio") && has_changing_class(annotations))
    lines.push_back("a track has one class in " + std::string(format.name) + ": changes of class");
  std::vector<std::string> foreign;
  for (const auto& [_, name] : annotations.class_names) {
    if (format.name == "visdrone" && !is_visdrone_class(name)) foreign.push_back(name);
  }
  if (!foreign.empty()) lines.push_back(fmt::format("visdrone has no {}: written as others", fmt::join(foreign, ", ")));
  return lines;
}

}  // namespace onepass::formats
