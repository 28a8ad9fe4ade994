// Files of detections, tracks, ground truth, settings and batches.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include <zlib.h>

#include "batch/manifest.hpp"
#include "batch/piece_record.hpp"
#include "batch/unit.hpp"
#include "eval/benchmark/benchmark.hpp"
#include "eval/benchmark/benchmark_folder.hpp"
#include "eval/benchmark/label_file.hpp"
#include "eval/shapes/mots_file.hpp"
#include "formats/recognition.hpp"
#include "formats/registry.hpp"
#include "input_readers.hpp"
#include "io/mot_text.hpp"
#include "io/npy.hpp"
#include "io/sequence_info.hpp"
#include "memory_file.hpp"
#include "onepass/config.hpp"
#include "onepass/detector.hpp"
#include "onepass/explain.hpp"
#include "onepass/ground.hpp"
#include "onepass/memory.hpp"
#include "onepass/shape_geometry.hpp"
#include "onepass/zones.hpp"
#include "pipeline/live/cameras_file.hpp"
#include "support/temporary_folder.hpp"
#include "track/motion/camera_motion.hpp"
#include "tune/trial_log.hpp"

namespace onepass::test {
namespace {

void read_mot_text(std::string_view bytes) {
  const MemoryFile file(bytes);
  for (const auto column : {io::ClassColumn::read, io::ClassColumn::ignore}) {
    try {
      io::MotReader reader(file.path(), {.class_column = column});
      for (io::MotRow row; reader.next(row);) {
      }
    } catch (const std::runtime_error&) {
    }
  }
  eval::read_truth(file.path(), std::nullopt, eval::known_benchmark("MOT17"), [](const auto&) {});
}

/// Returns the beginning of every memory file: a mark and the version.
std::string memory_magic() {
  const TemporaryFolder folder;
  Memory({}).save(folder / "memory", "");
  return read_file(folder / "memory").substr(0, 20);
}

/// A memory file whose header is right: a fuzzer cannot guess a checksum.
void read_memory(std::string_view payload) {
  static const std::string magic = memory_magic();
  std::string bytes = magic;
  const std::uint32_t checksum = static_cast<std::uint32_t>(
      crc32(0, reinterpret_cast<const Bytef*>(payload.data()), static_cast<uInt>(payload.size())));
  const std::uint64_t size = payload.size();
  bytes.append(reinterpret_cast<const char*>(&checksum), sizeof checksum);
  bytes.append(reinterpret_cast<const char*>(&size), sizeof size);
  bytes += payload;
  const MemoryFile file(bytes);
  Memory::load(file.path(), {}, "roi of layers 1, 2");
}

void read_recording(std::string_view bytes) {
  const TemporaryFolder folder;  // what such a file is depends on its extension
  replay_detections(folder.write("a.npz", std::string(bytes)), 100, [](const auto&) {});
}

/// One frame of YOLO's folders.
void read_yolo(std::string_view bytes) {
  const TemporaryFolder folder;
  folder.write("frame_1.txt", std::string(bytes));
  formats::read(folder.path(), formats::format_named("yolo"), {.size = {640, 480}});
}

void read_explanations(std::string_view bytes) {
  const auto events = read_events(MemoryFile(bytes).path());
  if (events.empty()) return;
  story_of(events.front().id, events);
  missed_return({events.back().id, events.front().id, events.front().frame, false}, events);
  to_json(events.front());
}

/// What a manifest says must survive being written again.
void read_manifest(std::string_view bytes) {
  const MemoryFile file(bytes);
  const auto manifest = batch::read_manifest(file.path());
  batch::defect(manifest, file.path(), {"mot"});
  const auto again = batch::read_manifest(MemoryFile(batch::to_json(manifest)).path());
  if (!batch::difference(again.recipe, manifest.recipe).empty()) std::abort();
  if (again.outputs != manifest.outputs) std::abort();
}

void read_piece(std::string_view bytes) {
  const MemoryFile file(bytes);
  batch::RecordReader reader(file.path());
  while (const auto frame = reader.next()) {
    for (const auto& track : frame->tracks) {
      const auto& mask = track.shape.mask;
      if (mask.empty()) continue;
      if (area(mask) > std::int64_t{mask.width} * mask.height) std::abort();
      bounding_box(mask);
      intersection_over_union(mask, frame->tracks.front().shape.mask);
    }
  }
}

void read_trials(std::string_view bytes) {
  const MemoryFile file("{\"trials_of\":\"\"}\n" + std::string(bytes));
  const tune::TrialLog trials(file.path(), "", Overwrite::refuse);
  trials.find(0, {});
}

void read_warps(std::string_view bytes) {
  const track::WarpFile warps(MemoryFile(bytes).path());
  warps.between(-1, 10'000);
}

/// Zones are also checked against a picture, by their counter.
void read_zone_file(std::string_view bytes) {
  const MemoryFile file(bytes);
  ZoneCounter counter(read_zones(file.path()), {"person", "car"}, 3);
  Frame frame;
  frame.size = {640, 480};
  counter.update(frame, {});
}

/// A file of annotations: the first letter names its format, from 'a' on in the order of formats(); any other: that
/// which the content tells. YOLO's folders of files have a reader of their own.
void read_annotations(std::string_view bytes) {
  if (bytes.empty()) return;
  const auto number = static_cast<std::size_t>(bytes.front() - 'a');
  const MemoryFile file(bytes.substr(1));
  const auto formats = formats::formats();
  const auto& format = number < formats.size() ? formats[number] : formats::recognized(file.path());
  if (format.name == "yolo") return;
  const auto annotations = formats::read(file.path(), format, {.size = {640, 480}});
  formats::losses(annotations, formats::format_named("kitti"));
}

/// A list of sequences, for a folder with two.
void read_seqmap(std::string_view bytes) {
  static const TemporaryFolder benchmark;
  for (const auto* name : {"A", "B"}) benchmark.write(std::string(name) + "/gt/gt.txt", "1,1,0,0,9,9,1,1,1\n");
  const MemoryFile file(bytes);
  eval::find_sequences(benchmark.path(), {.seqmap = file.path(), .split = ""});
}

/// Lines of a list of units.
void read_units(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto end = std::min(bytes.find('\n'), bytes.size());
    batch::to_line(batch::parse_unit(bytes.substr(0, end)));
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
  }
}

void read_config(std::string_view bytes) {
  Config config;
  apply_yaml(config, MemoryFile(bytes).path());
  dump_yaml(config);
}

}  // namespace

InputReaders file_readers() {
  return {
      {'t', read_mot_text},
      {'s', [](std::string_view bytes) { eval::read_mots(MemoryFile(bytes).path(), 0); }},
      {'i', [](std::string_view bytes) { io::read_sequence_info(MemoryFile(bytes).path()); }},
      {'c', read_config},
      {'l', [](std::string_view bytes) { pipeline::read_cameras(MemoryFile(bytes).path(), {}); }},
      {'b', [](std::string_view bytes) { eval::read_benchmark(MemoryFile(bytes).path()); }},
      {'z', read_zone_file},
      {'g', [](std::string_view bytes) { read_ground(MemoryFile(bytes).path(), "gate"); }},
      {'d', read_recording},
      {'n', [](std::string_view bytes) { io::read_npy(MemoryFile(bytes).path()); }},
      {'m', read_memory},
      {'f', read_annotations},
      {'e', read_explanations},
      {'q', read_seqmap},
      {'u', read_units},
      {'j', read_manifest},
      {'k', read_piece},
      {'v', read_trials},
      {'w', read_warps},
      {'y', read_yolo},
  };
}

}  // namespace onepass::test
