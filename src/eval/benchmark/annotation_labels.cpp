#include "eval/benchmark/annotation_labels.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "formats/class_choice.hpp"
#include "formats/recognition.hpp"
#include "formats/registry.hpp"
#include "onepass/setting_error.hpp"

namespace onepass::eval {
namespace {

namespace fs = std::filesystem;

constexpr int unknown_class = -2;
constexpr int highest_truncation = 0;  // KITTI evaluates objects that are not truncated,
constexpr int highest_occlusion = 2;   // and of which at least something is visible

/// Maps the classes of a file to those of the benchmark.
class Labels {
 public:
  Labels(const Benchmark& benchmark, const formats::Annotations& annotations)
      : benchmark_(benchmark), annotations_(annotations) {}

  int number_of(const formats::Annotation& object) {
    if (!benchmark_.truth_classes && !benchmark_.result_classes) return object.crowd ? region() : 1;
    if (object.crowd) return region();
    const auto [entry, added] = known_.try_emplace(object.class_id, unknown_class);
    if (added) entry->second = find(object.class_id);
    if (entry->second == unknown_class) return unknown_class;
    if (object.truncation <= highest_truncation && object.occlusion <= highest_occlusion) return entry->second;
    const auto hard = benchmark_.labels.find(name_of(entry->second) + " hard");
    return hard == benchmark_.labels.end() ? entry->second : hard->second;
  }

  /// Names of the classes that occur and that the benchmark does not have.
  std::vector<std::string> unknown() const {
    std::vector<std::string> names;
    for (const auto& [number, label] : known_) {
      if (label == unknown_class) names.push_back(formats::class_name(annotations_.class_names, number));
    }
    return names;
  }

 private:
  int region() const {
    return benchmark_.ignore.empty() ? unknown_class : benchmark_.labels.at(benchmark_.ignore.front());
  }

  int find(int number) const {
    const auto name = annotations_.class_names.find(number);
    if (name == annotations_.class_names.end()) return benchmark_.knows_class(number) ? number : unknown_class;
    for (const auto& [label, value] : benchmark_.labels) {
      if (formats::same_name(label, name->second)) return value;
    }
    return unknown_class;
  }

  std::string name_of(int label) const {
    const auto found =
        std::ranges::find_if(benchmark_.labels, [&](const auto& entry) { return entry.second == label; });
    return found == benchmark_.labels.end() ? "" : found->first;
  }

  const Benchmark& benchmark_;
  const formats::Annotations& annotations_;
  std::map<int, int> known_;
};

/// Objects that change nothing in an evaluation: regions to ignore where the rules know none, and ignored objects
/// that cannot be told apart.
bool is_left_out(const formats::Annotation& object, const Benchmark& benchmark) {
  return object.crowd ? benchmark.ignore.empty() : object.ignored && object.id < 0;
}

/// The regions that UAVDT keeps in a file of their own.
void append_ignored_regions(const fs::path& file, formats::Annotations& annotations) {
  auto stem = file.stem().string();
  for (const std::string end : {"_gt_whole", "_gt"}) {
    if (stem.ends_with(end)) stem.resize(stem.size() - end.size());
  }
  const auto regions = file.parent_path() / (stem + "_gt_ignore.txt");
  if (regions == file || !fs::is_regular_file(regions)) return;
  const auto read = formats::read(regions, formats::format_named("uavdt"), {});
  annotations.objects.insert(annotations.objects.end(), read.objects.begin(), read.objects.end());
  formats::finish(annotations, regions.string());
}

/// Whether classes that the benchmark does not have are left out with a warning: those of ground truth, and those of
/// results that were not chosen.
bool may_be_left_out(const std::vector<std::string>& unknown, Side side,
                     const std::vector<formats::ChosenClass>& chosen) {
  const auto is_chosen = [&](const std::string& name) {
    return std::ranges::any_of(chosen, [&](const auto& one) { return formats::same_name(one.from, name); });
  };
  return side == Side::truth || (!chosen.empty() && std::ranges::none_of(unknown, is_chosen));
}

}  // namespace

std::string foreign_format(const fs::path& file) {
  const auto format = formats::format_of(file);
  return format == "mot" ? "" : format;
}

std::string benchmark_of_format(const std::string& format) {
  static const std::map<std::string, std::string> benchmarks{
      {"kitti", "KITTI"}, {"scalabel", "BDD100K"}, {"visdrone", "VisDrone"}, {"uavdt", "UAVDT"}};
  const auto found = benchmarks.find(format);
  return found == benchmarks.end() ? "none" : found->second;
}

LabeledSequence read_labels(const fs::path& file, Side side, const Benchmark& benchmark, const std::string& classes,
                            const Warn& warn) {
  const auto recognized = formats::format_of(file);
  const auto& format = recognized == "mot" && !benchmark.format.empty() ? benchmark.format : recognized;
  auto annotations = formats::read(file, formats::format_named(format), {});
  if (format == "uavdt" && side == Side::truth) append_ignored_regions(file, annotations);
  const auto chosen = classes.empty() ? std::vector<formats::ChosenClass>() : formats::parse_classes(classes);
  formats::choose_classes(annotations, chosen, formats::OtherClasses::keep);
  Labels labels(benchmark, annotations);
  LabeledSequence sequence;
  std::size_t next = 0;
  std::int64_t without_id = 0;
  const bool counts = side == Side::truth && format != "visdrone";
  for (std::int64_t frame = 1; frame <= annotations.frame_count; ++frame) {
    std::vector<LabeledBox> boxes;
    for (; next < annotations.objects.size() && annotations.objects[next].frame == frame; ++next) {
      const auto& object = annotations.objects[next];
      if (side == Side::truth && is_left_out(object, benchmark)) continue;
      if (object.id < 0 && !object.crowd) ++without_id;
      const double mark = object.ignored ? 0 : counts ? 1 : object.score.value_or(1);
      const int label = labels.number_of(object);
      boxes.push_back({object.id, object.left, object.top, object.width, object.height, label, mark});
    }
    sequence.add_frame(boxes);
  }
  if (without_id > 0)
    throw std::runtime_error(fmt::format("{}: {} of {} boxes have no id; an evaluation of tracks needs ids",
                                         file.string(), without_id, annotations.objects.size()));
  const auto unknown = labels.unknown();
  if (unknown.empty()) return sequence;
  if (!may_be_left_out(unknown, side, chosen))
    throw SettingError(
        "classes",
        fmt::format("{}: the benchmark {} does not have the class{} {}; rename classes, such as "
                    "person=pedestrian",
                    file.string(), benchmark.name, unknown.size() == 1 ? "" : "es", fmt::join(unknown, ", ")));
  warn(fmt::format("{}: not evaluated: {}, which the benchmark {} does not have", file.string(),
                   fmt::join(unknown, ", "), benchmark.name));
  return sequence;
}

void pad(LabeledSequence& sequence, std::int64_t frame_count) {
  while (sequence.frame_count() < frame_count) sequence.add_frame({});
}

}  // namespace onepass::eval
