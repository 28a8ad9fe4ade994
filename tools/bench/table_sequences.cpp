#include "table_sequences.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "bench/simulated_people.hpp"
#include "eval/benchmark/benchmark.hpp"
#include "eval/benchmark/benchmark_folder.hpp"
#include "eval/benchmark/label_file.hpp"
#include "io/mot_text.hpp"
#include "scene/scene.hpp"

namespace onepass::bench {
namespace {

constexpr double least_visible = 0.25;       // share of a generated person that is visible in truth and detections
constexpr std::uint64_t scenes_of_kind = 4;  // number of generated sequences of each kind

Recording read_detections(const std::filesystem::path& path) {
  Recording recording;
  io::MotReader reader(path, {.minimum_columns = 7});
  for (io::MotRow row; reader.next(row);) {
    const Box box{static_cast<float>(row.left), static_cast<float>(row.top), static_cast<float>(row.width),
                  static_cast<float>(row.height)};
    recording[row.frame - 1].push_back({box, static_cast<float>(std::clamp(row.score, 0.0, 1.0)), 0, {}});
  }
  return recording;
}

Sequence read_sequence(const eval::SequenceFolder& folder, const std::string& benchmark,
                       const std::filesystem::path& recordings) {
  Sequence sequence;
  sequence.name = folder.name;
  sequence.info = io::read_sequence_info(folder.folder / "seqinfo.ini");
  sequence.camera_file = folder.folder / "gmc.txt";
  const auto rules = eval::named_benchmark(benchmark);
  sequence.rules = rules.rules("pedestrian");
  sequence.truth = eval::read_truth(folder.truth_file(), sequence.info.length, rules, [](const std::string&) {});
  for (int i = 0; i < 3; ++i) {
    sequence.detections[i] = recordings.empty()
                                 ? read_detections(folder.folder / "det" / "det.txt")
                                 : read_recording(recordings / fmt::format("{}.s{}.bin", folder.name, i + 1));
  }
  return sequence;
}

/// Settings of a generated scene of people in motion.
scene::SceneSettings settings_of(const std::string& kind, std::uint64_t seed) {
  scene::SceneSettings settings{.seed = seed, .size = {1280, 720}, .frames = 600, .objects = 16, .vehicle_share = 0};
  settings.camera_height_m = 2.5;
  settings.road = false;
  settings.clutter = 0;
  if (kind == "dancers") settings.dancing_share = 1;
  if (kind == "dancers") settings.objects = 8;
  if (kind == "players") settings.playing_share = 1;
  if (kind == "cyclists") settings.vehicle_share = settings.cyclist_share = 1;
  if (kind == "cyclists") settings.objects = 60;
  if (kind == "shaking") settings.camera = scene::CameraMotion::shaking;
  return settings;
}

/// The exact boxes of all who are visible enough, as truth and as detections.
Sequence generated(const std::string& kind, std::uint64_t seed) {
  const auto scene = scene::make_scene(settings_of(kind, seed));
  Sequence sequence;
  sequence.name = fmt::format("{}-{}", kind, seed);
  sequence.info.name = sequence.name;
  sequence.info.size = scene.settings.size;
  sequence.info.frame_rate = scene.settings.frame_rate;
  sequence.info.length = scene.settings.frames;
  sequence.rules = eval::named_benchmark("MOT15").rules("pedestrian");
  std::vector<LabeledBox> boxes;
  for (int frame = 0; frame < scene.settings.frames; ++frame) {
    boxes.clear();
    auto& detections = sequence.detections[0][frame];
    for (const auto& person : people_at(scene, frame)) {
      if (person.visibility < least_visible) continue;
      const auto& box = person.box;
      boxes.push_back({person.identity, box.left, box.top, box.width, box.height});
      detections.push_back({box, 1, 0, {}});
    }
    sequence.truth.add_frame(boxes);
  }
  sequence.detections[2] = sequence.detections[1] = sequence.detections[0];
  return sequence;
}

}  // namespace

TableSequences::TableSequences(const TableChoice& choice)
    : choice_(choice),
      groups_{
          {"dance", {}},
          {"file", {"min_area=100", "max_aspect=1.6", "camera_motion=file"}},
          {"boxes", {"min_area=100", "max_aspect=1.6"}},
          {"mot15", {}},
          {"pets", {"camera_motion=none"}},
          {"kitti", {"camera_motion=none"}},
          {"pets-embeddings", {"camera_motion=none"}, true},
          {"kitti-embeddings", {"camera_motion=none"}, true},
          {"dancers", {}},
          {"players", {}},
          {"cyclists", {}},
          {"shaking", {}},
      } {
  std::erase_if(groups_, [&](const Group& group) {
    return !choice_.only.empty() && !std::ranges::count(choice_.only, group.name);
  });
  read("dance", "MOT15", {"dance"});
  read("mot17-valhalf", "MOT17", {"file", "boxes"});
  read("mot15", "MOT15", {"mot15"});
  read("mot/PETS09-S2L1", "MOT15", {"pets", "pets-embeddings"});
  read("mot/KITTI-17", "MOT15", {"kitti", "kitti-embeddings"});
  for (const auto* kind : {"dancers", "players", "cyclists", "shaking"}) generate(kind);
}

bool TableSequences::wants(const std::vector<std::string>& names) const {
  return std::ranges::any_of(groups_, [&](const Group& group) { return std::ranges::count(names, group.name) > 0; });
}

void TableSequences::add(Sequence sequence, const std::vector<std::string>& names) {
  if (sequence.name.find(choice_.sequence) == std::string::npos) return;
  sequences_.push_back(std::make_unique<Sequence>(std::move(sequence)));
  for (auto& group : groups_) {
    if (std::ranges::count(names, group.name) > 0) group.sequences.push_back(sequences_.back().get());
  }
}

/// PETS09-S2L1 and KITTI-17 have recorded detections, the others those of `det/det.txt`.
void TableSequences::read(const std::string& folder, const std::string& benchmark,
                          const std::vector<std::string>& names) {
  if (!wants(names)) return;
  const auto recordings = folder.starts_with("mot/") ? choice_.recordings : std::filesystem::path();
  for (const auto& found : eval::find_sequences(choice_.data / folder, {})) {
    add(read_sequence(found, benchmark, recordings), names);
  }
}

void TableSequences::generate(const std::string& name) {
  if (!wants({name})) return;
  for (std::uint64_t seed = 1; seed <= scenes_of_kind; ++seed) add(generated(name, seed), {name});
}

}  // namespace onepass::bench
