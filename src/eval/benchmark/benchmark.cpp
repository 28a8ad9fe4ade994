#include "eval/benchmark/benchmark.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <stdexcept>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "config/fields.hpp"
#include "core/nearest_name.hpp"
#include "io/yaml_file.hpp"

namespace onepass::eval {
namespace {

/// Class numbers of MOT16, MOT17 and MOT20 ground truth (Milan et al., "MOT16", 2016, table 4; crowd: MOT20).
const std::map<std::string, int> motchallenge_labels{
    {"pedestrian", 1},      {"person_on_vehicle", 2}, {"car", 3},        {"bicycle", 4},  {"motorbike", 5},
    {"non_mot_vehicle", 6}, {"static_person", 7},     {"distractor", 8}, {"occluder", 9}, {"occluder_on_ground", 10},
    {"occluder_full", 11},  {"reflection", 12},       {"crowd", 13},
};

std::string lowercase(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

Benchmark motchallenge(const std::string& name) {
  Benchmark benchmark{.name = name, .labels = motchallenge_labels, .evaluate = {"pedestrian"}};
  benchmark.distractors["pedestrian"] = {"person_on_vehicle", "static_person", "distractor", "reflection"};
  return benchmark;
}

Benchmark mot20() {
  auto benchmark = motchallenge("MOT20");
  benchmark.distractors["pedestrian"].push_back("non_mot_vehicle");
  return benchmark;
}

/// The benchmarks of Voigtlaender et al., "MOTS: Multi-Object Tracking and Segmentation", 2019.
Benchmark mots(const std::string& name, std::vector<std::string> evaluate, std::int64_t first_frame) {
  Benchmark benchmark{.name = name, .labels = {{"car", 1}, {"pedestrian", 2}, {"ignore", 10}}};
  benchmark.evaluate = std::move(evaluate);
  benchmark.result_classes = true;
  benchmark.ignore = {"ignore"};
  benchmark.objects = Objects::masks;
  benchmark.first_frame = first_frame;
  return benchmark;
}

Benchmark without_classes(const std::string& name, const std::string& class_name) {
  return {.name = name, .labels = {{class_name, 1}}, .evaluate = {class_name}, .truth_classes = false};
}

Benchmark of_classes(const std::string& name, const std::vector<std::string>& labels,
                     const std::vector<std::string>& evaluated) {
  Benchmark benchmark{.name = name, .evaluate = evaluated, .result_classes = true, .own_truth = true};
  for (std::size_t i = 0; i < labels.size(); ++i) benchmark.labels[labels[i]] = static_cast<int>(i) + 1;
  return benchmark;
}

/// Geiger et al., "Are we ready for autonomous driving?", 2012, and the development kit of KITTI's tracking benchmark:
/// sitting people and vans do not count, nor do objects that are cut off or hardly visible, and small boxes.
Benchmark kitti() {
  auto benchmark = of_classes("KITTI",
                              {"car", "van", "truck", "pedestrian", "person", "person_sitting", "cyclist", "tram",
                               "misc", "dontcare", "car hard", "pedestrian hard"},
                              {"car", "pedestrian"});
  benchmark.distractors["car"] = {"van", "car hard"};
  benchmark.distractors["pedestrian"] = {"person", "person_sitting", "pedestrian hard"};
  benchmark.ignore = {"dontcare"};
  benchmark.smallest_height = 25;
  benchmark.format = "kitti";
  return benchmark;
}

/// Yu et al., "BDD100K", 2020: crowds and other vehicles and people are regions.
Benchmark bdd100k() {
  const std::vector<std::string> evaluated{"pedestrian", "rider", "car",        "truck",
                                           "bus",        "train", "motorcycle", "bicycle"};
  auto labels = evaluated;
  labels.insert(labels.end(), {"crowd", "other person", "trailer", "other vehicle", "traffic light", "traffic sign"});
  auto benchmark = of_classes("BDD100K", labels, evaluated);
  benchmark.ignore = {"crowd", "other person", "trailer", "other vehicle"};
  benchmark.format = "scalabel";
  return benchmark;
}

/// Zhu et al., "Detection and tracking meet drones challenge", 2021: the five classes of its tracking task.
Benchmark visdrone() {
  auto benchmark = of_classes("VisDrone",
                              {"pedestrian", "people", "bicycle", "car", "van", "truck", "tricycle", "awning-tricycle",
                               "bus", "motor", "others", "ignored"},
                              {"pedestrian", "car", "van", "truck", "bus"});
  benchmark.ignore = {"ignored", "others"};
  benchmark.format = "visdrone";
  return benchmark;
}

/// Du et al., "The unmanned aerial vehicle benchmark", 2018: all vehicles are one class.
Benchmark uavdt() {
  auto benchmark = of_classes("UAVDT", {"vehicle", "car", "truck", "bus", "ignored"}, {"vehicle"});
  benchmark.truth_classes = benchmark.result_classes = false;
  benchmark.ignore = {"ignored"};
  benchmark.format = "uavdt";
  return benchmark;
}

constexpr std::array mot15_sequences{
    "ADL-Rundle-1", "ADL-Rundle-3",   "ADL-Rundle-6",    "ADL-Rundle-8",  "AVG-TownCentre", "ETH-Bahnhof",
    "ETH-Crossing", "ETH-Jelmoli",    "ETH-Linthescher", "ETH-Pedcross2", "ETH-Sunnyday",   "KITTI-13",
    "KITTI-16",     "KITTI-17",       "KITTI-19",        "PETS09-S2L1",   "PETS09-S2L2",    "TUD-Campus",
    "TUD-Crossing", "TUD-Stadtmitte", "Venice-1",        "Venice-2"};

std::string benchmark_of_one(const std::string& sequence) {
  if (std::find(mot15_sequences.begin(), mot15_sequences.end(), sequence) != mot15_sequences.end()) return "MOT15";
  const auto name = lowercase(sequence);
  for (const auto* benchmark : {"MOT16", "MOT17", "MOT20", "MOTS20"}) {
    if (name.starts_with(lowercase(benchmark) + "-")) return benchmark;
  }
  if (name.starts_with("dancetrack")) return "DanceTrack";
  return name.starts_with("v_") ? "SportsMOT" : "";
}

config::Field labels_field(std::map<std::string, int>& labels) {
  const auto read = [&labels](const YAML::Node& node) {
    if (!node.IsMap()) throw std::invalid_argument("is not a map from class to number, such as {car: 1}");
    labels.clear();
    for (const auto& entry : node) {
      int number = 0;
      if (!YAML::convert<int>::decode(entry.second, number))
        throw std::invalid_argument("class '" + entry.first.Scalar() + "' has no integer number");
      labels[entry.first.Scalar()] = number;
    }
  };
  return {"labels", "number of every class", "a map", read, [] { return YAML::Node(); }};
}

std::vector<std::string> names_in(const YAML::Node& node) {
  if (!node.IsSequence()) throw std::invalid_argument("is not a list of classes");
  std::vector<std::string> names;
  for (const auto& name : node) names.push_back(name.Scalar());
  return names;
}

/// A list applies to all evaluated classes; it is stored under the name "" until these classes are known.
config::Field distractors_field(std::map<std::string, std::vector<std::string>>& distractors) {
  const auto read = [&distractors](const YAML::Node& node) {
    distractors.clear();
    if (!node.IsMap()) {
      distractors[""] = names_in(node);
      return;
    }
    for (const auto& entry : node) distractors[entry.first.Scalar()] = names_in(entry.second);
  };
  return {"distractors", "classes whose matched tracker boxes are not evaluated", "a list", read,
          [] { return YAML::Node(); }};
}

void check_class(const Benchmark& benchmark, const std::string& key, const std::string& name, const std::string& file) {
  if (benchmark.labels.contains(name)) return;
  std::vector<std::string> known;
  for (const auto& [label, _] : benchmark.labels) known.push_back(label);
  throw std::runtime_error(
      fmt::format("{}: {}: class '{}' is not among labels{}", file, key, name, did_you_mean(name, known)));
}

void check(Benchmark& benchmark, const std::string& file) {
  if (benchmark.evaluate.empty()) throw std::runtime_error(file + ": evaluate: name at least one class");
  if (const auto shared = benchmark.distractors.find(""); shared != benchmark.distractors.end()) {
    for (const auto& name : benchmark.evaluate) benchmark.distractors[name] = shared->second;
    benchmark.distractors.erase("");
  }
  for (const auto& name : benchmark.evaluate) check_class(benchmark, "evaluate", name, file);
  for (const auto& name : benchmark.ignore) check_class(benchmark, "ignore", name, file);
  for (const auto& [evaluated, names] : benchmark.distractors) {
    check_class(benchmark, "distractors", evaluated, file);
    for (const auto& name : names) check_class(benchmark, "distractors", name, file);
  }
  if (benchmark.evaluate.size() > 1 && !benchmark.truth_classes)
    throw std::runtime_error(file + ": evaluate: several classes need truth_classes: true");
}

}  // namespace

EvaluationRules Benchmark::rules(const std::string& class_name) const {
  EvaluationRules rules{.truth_has_classes = truth_classes,
                        .result_has_classes = result_classes,
                        .class_id = labels.at(class_name),
                        .removal_overlap = removal_overlap,
                        .ignored_coverage = ignored_coverage,
                        .match_overlap = match_overlap};
  if (const auto found = distractors.find(class_name); found != distractors.end()) {
    for (const auto& label : found->second) rules.distractors.push_back(labels.at(label));
  }
  for (const auto& label : ignore) rules.ignored.push_back(labels.at(label));
  return rules;
}

SelectionRules Benchmark::selection(const std::string& class_name) const {
  const auto shared = rules(class_name);
  return {shared.class_id,        shared.distractors,      shared.ignored,
          shared.removal_overlap, shared.ignored_coverage, smallest_height};
}

bool Benchmark::knows_class(int number) const {
  return std::any_of(labels.begin(), labels.end(), [&](const auto& label) { return label.second == number; });
}

bool Benchmark::ignores(int number) const {
  return std::any_of(ignore.begin(), ignore.end(), [&](const auto& label) { return labels.at(label) == number; });
}

Benchmark known_benchmark(const std::string& name) {
  const auto given = lowercase(name);
  if (given == "mot15") return without_classes("MOT15", "pedestrian");
  if (given == "mot20") return mot20();
  for (const auto* known : {"MOT16", "MOT17", "DanceTrack", "SportsMOT"}) {
    if (given == lowercase(known)) return motchallenge(known);
  }
  if (given == "mots20") return mots("MOTS20", {"pedestrian"}, 1);
  if (given == "kitti-mots") return mots("KITTI-MOTS", {"car", "pedestrian"}, 0);
  if (given == "kitti") return kitti();
  if (given == "bdd100k") return bdd100k();
  if (given == "visdrone") return visdrone();
  if (given == "uavdt") return uavdt();
  if (given == "none") return without_classes("none", "object");
  if (given == "rotated") {
    auto benchmark = without_classes("rotated", "object");
    benchmark.objects = Objects::rotated;
    return benchmark;
  }
  throw std::runtime_error(fmt::format(
      "'{}' is not a benchmark: expected MOT15, MOT16, MOT17, MOT20, DanceTrack, SportsMOT, KITTI, BDD100K, "
      "VisDrone, UAVDT, MOTS20, KITTI-MOTS, none, rotated or a YAML file",
      name));
}

Benchmark custom_benchmark(const std::vector<std::string>& classes) { return of_classes("custom", classes, classes); }

Benchmark read_benchmark(const std::filesystem::path& path) {
  const auto root = io::read_yaml(path, "benchmark description");
  Benchmark benchmark{.name = path.stem().string()};
  const std::vector<config::Field> fields{
      config::text("name", benchmark.name, ""),
      labels_field(benchmark.labels),
      config::texts("evaluate", benchmark.evaluate, ""),
      config::flag("truth_classes", benchmark.truth_classes, ""),
      config::flag("result_classes", benchmark.result_classes, ""),
      distractors_field(benchmark.distractors),
      config::texts("ignore", benchmark.ignore, ""),
      config::number("removal_overlap", benchmark.removal_overlap, 0, 1, ""),
      config::number("ignored_coverage", benchmark.ignored_coverage, 0, 1, ""),
      config::number("match_overlap", benchmark.match_overlap, 0, 1, ""),
  };
  try {
    config::read_fields(root, fields, "benchmark", path.string());
  } catch (const std::invalid_argument& error) {
    throw std::runtime_error(error.what());
  }
  check(benchmark, path.string());
  return benchmark;
}

Benchmark named_benchmark(const std::string& name_or_file) {
  const auto extension = std::filesystem::path(name_or_file).extension();
  return extension == ".yaml" || extension == ".yml" ? read_benchmark(name_or_file) : known_benchmark(name_or_file);
}

std::string benchmark_of(const std::vector<std::string>& sequences) {
  std::string benchmark;
  for (const auto& sequence : sequences) {
    const auto found = benchmark_of_one(sequence);
    if (found.empty() || (!benchmark.empty() && found != benchmark)) return "";
    benchmark = found;
  }
  return benchmark;
}

}  // namespace onepass::eval
