// Judges settings of the tracker on many sequences: HOTA / IDF1 on given detections, as they are, disturbed (3% of the
// boxes dropped, the others jittered by 1% of their size; mean over several seeds), and with every second and third
// frame only. Deterministic.
//
//   tracker_table DATA RECORDINGS "name: key=value key=value" ...
//
// DATA is the folder of the real test data. RECORDINGS holds SEQUENCE.s1.bin, .s2.bin and .s3.bin, the detections and
// embeddings of PETS09-S2L1 and KITTI-17 (record_detections). A setting is a parameter without its prefix "tracker."
// The environment variables GROUPS_WANTED (names of rows), SEEDS (default 4), JOBS (default 2) and DETAIL (one line per
// sequence) restrict or extend the table.
#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <iostream>
#include <random>
#include <sstream>
#include <thread>

#include <fmt/format.h>

#include "eval/benchmark/benchmark.hpp"
#include "eval/benchmark/benchmark_folder.hpp"
#include "eval/benchmark/label_file.hpp"
#include "io/mot_text.hpp"
#include "io/sequence_info.hpp"
#include "onepass/metrics.hpp"
#include "onepass/tracker.hpp"
#include "recording.hpp"

namespace {

namespace fs = std::filesystem;
using namespace onepass;

struct Sequence {
  std::string name;
  io::SequenceInfo info;
  fs::path camera_file;
  LabeledSequence truth;
  EvaluationRules rules;
  bench::Recording detections[3];  ///< by stride - 1
};

struct Group {
  std::string name;
  std::vector<std::string> settings;
  bool embeddings = false;
  std::vector<const Sequence*> sequences;
};

/// How a sequence is replayed. Seed 0: without disturbance.
struct Replay {
  int stride = 1;
  unsigned seed = 0;
};

bench::Recording read_detections(const fs::path& path) {
  bench::Recording recording;
  io::MotReader reader(path, {.minimum_columns = 7});
  for (io::MotRow row; reader.next(row);) {
    const Box box{static_cast<float>(row.left), static_cast<float>(row.top), static_cast<float>(row.width),
                  static_cast<float>(row.height)};
    recording[row.frame - 1].push_back({box, static_cast<float>(std::clamp(row.score, 0.0, 1.0)), 0, {}});
  }
  return recording;
}

Sequence read_sequence(const eval::SequenceFolder& folder, const std::string& benchmark, const fs::path& recordings) {
  Sequence sequence;
  sequence.name = folder.name;
  sequence.info = io::read_sequence_info(folder.folder / "seqinfo.ini");
  sequence.camera_file = folder.folder / "gmc.txt";
  const auto rules = eval::named_benchmark(benchmark);
  sequence.rules = rules.rules("pedestrian");
  sequence.truth = eval::read_truth(folder.truth_file(), sequence.info.length, rules, [](const std::string&) {});
  for (int i = 0; i < 3; ++i) {
    sequence.detections[i] =
        recordings.empty()
            ? read_detections(folder.folder / "det" / "det.txt")
            : bench::read_recording(recordings / fmt::format("{}.s{}.bin", folder.name, i + 1));
  }
  return sequence;
}

std::vector<Detection> disturbed(const std::vector<Detection>& given, std::mt19937& random) {
  std::vector<Detection> result;
  const auto uniform = [&] { return static_cast<double>(random()) / 4294967296.0; };
  const auto normal = [&] {
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += uniform();
    return static_cast<float>(sum);
  };
  for (const auto& detection : given) {
    if (uniform() < 0.03) continue;
    auto& box = result.emplace_back(detection).box;
    const float width = box.width, height = box.height;
    const float x = box.center_x() + 0.01F * width * normal();
    const float y = box.center_y() + 0.01F * height * normal();
    box.width = width * (1 + 0.01F * normal());
    box.height = height * (1 + 0.01F * normal());
    box.left = x - box.width / 2;
    box.top = y - box.height / 2;
  }
  return result;
}

Scores replay(const Sequence& sequence, const Group& group, TrackerConfig config, const Replay& how) {
  if (config.camera_motion == CameraMotion::file) config.camera_motion_file = sequence.camera_file.string();
  Tracker tracker(config, sequence.info.frame_rate);
  std::mt19937 random(how.seed);
  LabeledSequence truth, result;
  std::vector<LabeledBox> boxes;
  const auto& recording = sequence.detections[how.stride - 1];
  for (std::int64_t index = 0; index < sequence.truth.frame_count(); index += how.stride) {
    std::vector<Detection> detections;
    if (const auto found = recording.find(index); found != recording.end()) detections = found->second;
    if (!group.embeddings) {
      for (auto& detection : detections) detection.embedding.resize(0);
    }
    if (how.seed > 0) detections = disturbed(detections, random);
    Frame frame;
    frame.index = index;
    frame.time = Timestamp(static_cast<double>(index) / sequence.info.frame_rate);
    frame.size = sequence.info.size;
    boxes.clear();
    for (const auto& track : tracker.update(detections, frame)) {
      boxes.push_back({track.id, track.box.left, track.box.top, track.box.width, track.box.height});
    }
    result.add_frame(boxes);
    truth.add_frame(sequence.truth.frame(index));
  }
  return evaluate_sequence(truth, result, sequence.rules).scores;
}

struct Cell {
  double hota = 0, idf1 = 0, detection = 0, association = 0;
  void add(const Scores& scores) {
    hota += 100 * mean(scores.hota.hota);
    idf1 += 100 * scores.identity.f1;
    detection += 100 * mean(scores.hota.detection_accuracy);
    association += 100 * mean(scores.hota.association_accuracy);
  }
  void divide(double count) {
    for (auto* value : {&hota, &idf1, &detection, &association}) *value /= count;
  }
};

int number_from(const char* name, int otherwise) {
  const char* text = std::getenv(name);
  return text ? std::stoi(text) : otherwise;
}

bool wanted(const std::string& group) {
  const char* names = std::getenv("GROUPS_WANTED");
  return !names || (" " + std::string(names) + " ").find(" " + group + " ") != std::string::npos;
}

/// Scores by replay and sequence.
std::vector<std::vector<Scores>> run(const Group& group, const TrackerConfig& config,
                                     const std::vector<Replay>& replays) {
  std::vector<std::vector<Scores>> scores(replays.size(), std::vector<Scores>(group.sequences.size()));
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t job; (job = next++) < replays.size() * group.sequences.size();) {
      const auto r = job / group.sequences.size();
      const auto s = job % group.sequences.size();
      scores[r][s] = replay(*group.sequences[s], group, config, replays[r]);
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < number_from("JOBS", 2); ++i) threads.emplace_back(work);
  for (auto& thread : threads) thread.join();
  return scores;
}

void print_row(const Group& group, const std::string& variant, const TrackerConfig& config) {
  const auto seeds = static_cast<unsigned>(number_from("SEEDS", 4));
  std::vector<Replay> replays{{}};
  for (unsigned seed = 1; seed <= seeds; ++seed) replays.push_back({1, seed});
  const bool strides = number_from("STRIDES", 1) != 0;
  if (strides) replays.push_back({2, 0});
  if (strides) replays.push_back({3, 0});
  const auto scores = run(group, config, replays);
  Cell cells[4];
  for (std::size_t r = 0; r < replays.size(); ++r) {
    cells[replays[r].seed > 0 ? 1 : replays[r].stride == 1 ? 0 : replays[r].stride].add(combine(scores[r]));
  }
  if (seeds > 0) cells[1].divide(seeds);
  std::string row = fmt::format("{:<10}", group.name);
  for (const auto& cell : cells) row += fmt::format("| {:5.2f} {:5.2f} {:5.2f} {:5.2f} ", cell.hota, cell.idf1, cell.detection, cell.association);
  std::cout << row << "| " << variant << std::endl;
  if (!std::getenv("DETAIL")) return;
  for (std::size_t s = 0; s < group.sequences.size(); ++s) {
    Cell original, mean;
    original.add(scores[0][s]);
    for (unsigned seed = 1; seed <= seeds; ++seed) mean.add(scores[seed][s]);
    if (seeds > 0) mean.divide(seeds);
    std::cout << fmt::format("  {:<16} {:5.2f} {:5.2f} {:5.2f} {:5.2f} | {:5.2f} {:5.2f}\n", group.sequences[s]->name, original.hota,
                             original.idf1, original.detection, original.association, mean.hota, mean.idf1);
  }
}

TrackerConfig configured(const Group& group, const std::string& variant) {
  Config config;
  std::istringstream words(variant.substr(variant.find(':') + 1));
  const auto set = [&](const std::string& setting) {
    const auto equals = setting.find('=');
    if (equals == std::string::npos) {
      apply_yaml(config, setting);
    } else {
      apply_setting(config, "tracker." + setting.substr(0, equals), setting.substr(equals + 1));
    }
  };
  std::vector<std::string> settings;
  for (std::string word; words >> word;) settings.push_back(word);
  for (const auto& setting : settings) {
    if (setting.find('=') == std::string::npos) set(setting);
  }
  for (const auto& setting : group.settings) set(setting);
  for (const auto& setting : settings) {
    if (setting.find('=') != std::string::npos) set(setting);
  }
  return config.tracker;
}

}  // namespace

int main(int count, char** words) try {
  if (count < 4) throw std::invalid_argument("usage: tracker_table DATA RECORDINGS \"name: key=value ...\" ...");
  const fs::path data = words[1], recordings = words[2];
  std::vector<std::unique_ptr<Sequence>> sequences;
  std::vector<Group> groups{
      {"dance", {}, false, {}},
      {"file", {"min_area=100", "max_aspect=1.6", "camera_motion=file"}, false, {}},
      {"boxes", {"min_area=100", "max_aspect=1.6"}, false, {}},
      {"mot15", {}, false, {}},
      {"pets", {"camera_motion=none"}, false, {}},
      {"kitti", {"camera_motion=none"}, false, {}},
      {"pets-e", {"camera_motion=none"}, true, {}},
      {"kitti-e", {"camera_motion=none"}, true, {}},
  };
  std::erase_if(groups, [](const Group& group) { return !wanted(group.name); });
  const auto fill = [&](const std::string& folder, const std::string& benchmark, const fs::path& from,
                        const std::vector<std::string>& names) {
    if (std::ranges::none_of(groups, [&](const Group& group) { return std::ranges::count(names, group.name); })) return;
    for (const auto& found : eval::find_sequences(data / folder, {})) {
      sequences.push_back(std::make_unique<Sequence>(read_sequence(found, benchmark, from)));
      for (auto& group : groups) {
        if (std::ranges::count(names, group.name)) group.sequences.push_back(sequences.back().get());
      }
    }
  };
  fill("dance", "MOT15", {}, {"dance"});
  fill("mot17-valhalf", "MOT17", {}, {"file", "boxes"});
  fill("mot15", "MOT15", {}, {"mot15"});
  fill("mot/PETS09-S2L1", "MOT15", recordings, {"pets", "pets-e"});
  fill("mot/KITTI-17", "MOT15", recordings, {"kitti", "kitti-e"});
  for (int i = 3; i < count; ++i) {
    for (const auto& group : groups) print_row(group, words[i], configured(group, words[i]));
  }
} catch (const std::exception& error) {
  std::cerr << "tracker_table: " << error.what() << "\n";
  return 1;
}
