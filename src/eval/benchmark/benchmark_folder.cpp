#include "eval/benchmark/benchmark_folder.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>

#include <fmt/format.h>

#include "core/printable.hpp"
#include "formats/recognition.hpp"
#include "io/line_reader.hpp"
#include "io/location.hpp"
#include "io/sequence_info.hpp"
#include "onepass/setting_error.hpp"

namespace onepass::eval {
namespace {

namespace fs = std::filesystem;

/// Returns seqLength of a seqinfo.ini, or nullopt if the file does not exist.
std::optional<std::int64_t> sequence_length(const fs::path& file) {
  if (!fs::exists(file)) return std::nullopt;
  return io::read_sequence_info(file).length;
}

bool is_sequence(const fs::path& folder) {
  return fs::is_regular_file(folder / "seqinfo.ini") || fs::is_regular_file(folder / "gt" / "gt.txt");
}

std::vector<fs::path> subfolders(const fs::path& folder) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.is_directory()) found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

void require_folder(const fs::path& folder, const std::string& role) {
  if (!fs::is_directory(folder)) throw std::runtime_error(fmt::format("{}: no such {} folder", folder.string(), role));
}

/// Returns <folder>/train or <folder>/MOT17-train for the split "train", or nullopt if neither exists.
std::optional<fs::path> split_folder(const fs::path& folder, const std::string& split) {
  if (fs::is_directory(folder / split)) return folder / split;
  std::vector<fs::path> found;
  for (const auto& candidate : subfolders(folder)) {
    if (candidate.filename().string().ends_with("-" + split)) found.push_back(candidate);
  }
  if (found.size() > 1)
    throw std::runtime_error(fmt::format("{}: several folders match the split '{}': {} and {}", folder.string(), split,
                                         found[0].filename().string(), found[1].filename().string()));
  return found.empty() ? std::nullopt : std::optional(found[0]);
}

/// Returns the seqmap that a benchmark provides for a split, or "" if there is none.
fs::path own_seqmap(const fs::path& root, const fs::path& sequences, const std::string& split) {
  const auto name = sequences.filename().string();
  for (const auto& candidate :
       {root / "seqmaps" / (name + ".txt"), root / (split + "_seqmap.txt"), root / "splits_txt" / (split + ".txt")}) {
    if (fs::is_regular_file(candidate)) return candidate;
  }
  return {};
}

std::vector<std::string> read_seqmap(const fs::path& file) {
  std::vector<std::string> names;
  std::set<std::string> seen;
  io::LineReader lines(file);
  for (std::string_view line; lines.next(line);) {
    const std::string name(io::trimmed(line.substr(0, line.find(','))));  // TrackEval reads the first column of a CSV
    if (name.empty() || (lines.line_number() == 1 && name == "name")) continue;  // TrackEval's header
    if (name.find('/') != std::string::npos || name == "..")
      throw std::runtime_error(fmt::format("{}:{}: '{}' is not the name of a sequence; expected that of a folder",
                                           file.string(), lines.line_number(), name));
    if (!seen.insert(name).second)
      throw std::runtime_error(
          fmt::format("{}:{}: sequence {} is listed twice", file.string(), lines.line_number(), name));
    names.push_back(name);
  }
  if (names.empty()) throw std::runtime_error(file.string() + ": lists no sequence");
  return names;
}

SequenceFolder open_sequence(const fs::path& folder) {
  return {io::folder_name(folder), folder, sequence_length(folder / "seqinfo.ini")};
}

[[noreturn]] void refuse_without_sequences(const fs::path& folder) {
  for (const auto& below : subfolders(folder)) {
    const auto inner = subfolders(below);
    if (std::any_of(inner.begin(), inner.end(), is_sequence))
      throw SettingError("split", fmt::format("{}: contains no sequence, but {} does; give that folder or its split",
                                              folder.string(), below.filename().string()));
  }
  throw std::runtime_error(fmt::format(
      "{}: contains no sequence; expected SEQ/gt/gt.txt and SEQ/seqinfo.ini, or files SEQ.txt, SEQ.json … of labels{}",
      folder.string(), formats::unrecognized_file(folder)));
}

/// Returns the names of the .txt files in a folder, without the extension. They may include files other than results.
std::vector<std::string> text_files(const fs::path& folder) {
  std::vector<std::string> names;
  if (!fs::is_directory(folder)) return names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.is_regular_file() && entry.path().extension() == ".txt") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

constexpr std::array extensions{".txt", ".json", ".jsonl", ".xml", ".csv"};

bool has_label_extension(const fs::path& file) {
  return std::ranges::find(extensions, file.extension().string()) != extensions.end();
}

/// Returns the files of a folder whose format is recognized, by name.
std::vector<fs::path> label_files(const fs::path& folder) {
  std::vector<fs::path> found;
  if (!fs::is_directory(folder)) return found;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.is_regular_file() && has_label_extension(entry.path()) && !formats::format_of(entry.path()).empty())
      found.push_back(entry.path());
  }
  std::ranges::sort(found);
  return found;
}

/// The name of a sequence with a file of its own; UAVDT adds what the file holds.
std::string name_of(const fs::path& file) {
  auto name = file.stem().string();
  for (const std::string end : {"_gt_whole", "_gt"}) {
    if (name.ends_with(end)) return name.substr(0, name.size() - end.size());
  }
  return name;
}

/// The sequence of MOTChallenge's layout that a gt/gt.txt belongs to, or the sequence that is this file.
SequenceFolder file_sequence(const fs::path& file) {
  const auto folder = fs::absolute(file).parent_path();
  if (file.filename() == "gt.txt" && folder.filename() == "gt") return open_sequence(folder.parent_path());
  return {name_of(file), file.parent_path(), std::nullopt, file};
}

/// Returns the sequences that are files of this folder, or of the folder of labels in it.
std::vector<SequenceFolder> file_sequences(const fs::path& root) {
  for (const auto& folder : {root, root / "label_02", root / "annotations"}) {
    std::vector<SequenceFolder> sequences;
    for (const auto& file : label_files(folder)) {
      if (file.stem().string().ends_with("_gt_ignore")) continue;  // read with the file that it belongs to
      const bool known = !sequences.empty() && sequences.back().name == name_of(file);
      if (!known) sequences.push_back(file_sequence(file));
    }
    if (!sequences.empty()) return sequences;
  }
  return {};
}

std::optional<TrackerFolder> open_tracker(const fs::path& folder) {
  for (const auto& files : {folder / "data", folder}) {
    if (auto sequences = text_files(files); !sequences.empty())
      return TrackerFolder{io::folder_name(folder), files, std::move(sequences), {}};
  }
  for (const auto& files : {folder / "data", folder}) {
    std::vector<std::string> sequences;
    for (const auto& file : label_files(files)) sequences.push_back(file.stem().string());
    if (!sequences.empty()) return TrackerFolder{io::folder_name(folder), files, std::move(sequences), {}};
  }
  return std::nullopt;
}

}  // namespace

std::vector<SequenceFolder> find_sequences(const fs::path& folder, const SequenceSelection& selection) {
  if (fs::is_regular_file(folder)) return {file_sequence(folder)};
  require_folder(folder, "ground truth");
  fs::path root = folder;
  fs::path seqmap = selection.seqmap;
  if (!selection.split.empty()) {
    const auto split = split_folder(folder, selection.split);
    if (!split) throw std::runtime_error(fmt::format("{}: has no split '{}'", folder.string(), selection.split));
    root = *split;
    if (seqmap.empty()) seqmap = own_seqmap(folder, root, selection.split);
  }
  std::vector<SequenceFolder> sequences;
  if (!seqmap.empty()) {
    const auto files = file_sequences(root);
    for (const auto& name : read_seqmap(seqmap)) {
      if (const auto file = std::ranges::find(files, name, &SequenceFolder::name); file != files.end()) {
        sequences.push_back(*file);
        continue;
      }
      if (!fs::is_directory(root / name))
        throw std::runtime_error(
            fmt::format("{}: no such sequence; it is listed in {}", (root / name).string(), seqmap.string()));
      sequences.push_back(open_sequence(root / name));
    }
    return sequences;
  }
  if (is_sequence(root)) return {open_sequence(root)};
  for (const auto& candidate : subfolders(root)) {
    if (is_sequence(candidate)) sequences.push_back(open_sequence(candidate));
  }
  if (sequences.empty()) sequences = file_sequences(root);
  if (sequences.empty()) refuse_without_sequences(root);
  return sequences;
}

std::vector<TrackerFolder> find_trackers(const fs::path& folder, const std::string& split) {
  if (fs::is_regular_file(folder)) return {{.name = as_file_name(folder.stem().string()), .single_file = folder}};
  require_folder(folder, "result");
  const auto root = split.empty() ? folder : split_folder(folder, split).value_or(folder);
  if (auto single = open_tracker(root)) return {std::move(*single)};
  std::vector<TrackerFolder> trackers;
  for (const auto& candidate : subfolders(root)) {
    if (auto tracker = open_tracker(candidate)) trackers.push_back(std::move(*tracker));
  }
  if (trackers.empty())
    throw std::runtime_error(
        fmt::format("{}: contains no results; expected SEQ.txt, data/SEQ.txt or TRACKER/data/SEQ.txt{}", root.string(),
                    formats::unrecognized_file(root)));
  return trackers;
}

std::string without_detector(const std::string& sequence) {
  for (const std::string suffix : {"-DPM", "-FRCNN", "-SDP"}) {
    if (sequence.ends_with(suffix)) return sequence.substr(0, sequence.size() - suffix.size());
  }
  return sequence;
}

fs::path result_path(const TrackerFolder& tracker, const std::string& sequence) {
  for (const auto* extension : extensions) {
    if (auto file = tracker.folder / (sequence + extension); fs::is_regular_file(file)) return file;
  }
  return tracker.folder / (sequence + ".txt");
}

std::optional<ResultFile> find_result(const TrackerFolder& tracker, const std::string& sequence) {
  if (!tracker.single_file.empty()) return ResultFile{tracker.single_file, true};
  std::vector<std::string> similar;
  for (const auto& name : tracker.sequences) {
    if (name == sequence) return ResultFile{result_path(tracker, name), true};
    if (without_detector(name) == without_detector(sequence)) similar.push_back(name);
  }
  if (similar.size() > 1)
    throw std::runtime_error(fmt::format("{}: {} and {} could both be the results of {}", tracker.folder.string(),
                                         similar[0] + ".txt", similar[1] + ".txt", sequence));
  if (similar.empty()) return std::nullopt;
  return ResultFile{result_path(tracker, similar[0]), false};
}

}  // namespace onepass::eval
