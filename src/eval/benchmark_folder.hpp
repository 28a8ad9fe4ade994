// Where ground truth and results lie: MOTChallenge folders, TrackEval's layout, plain folders of SEQ.txt.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace onepass::eval {

/// One sequence: <folder>/gt/gt.txt, <folder>/seqinfo.ini, and beside them det/det.txt, img1/ … where there are.
struct SequenceFolder {
  std::string name;
  std::filesystem::path folder;
  std::optional<std::int64_t> frame_count;  ///< seqLength of seqinfo.ini

  std::filesystem::path truth_file() const { return folder / "gt" / "gt.txt"; }
};

struct SequenceSelection {
  std::filesystem::path
      seqmap;         ///< a file of sequence names, one a line; empty: the benchmark's own, or every sequence
  std::string split;  ///< "train" finds <folder>/train and <folder>/MOT17-train
};

/// The sequences of a benchmark folder in the order of the seqmap, or of their names; a folder that is itself a
/// sequence is found as well.
/// @throws std::runtime_error naming what is missing.
std::vector<SequenceFolder> find_sequences(const std::filesystem::path& folder, const SequenceSelection& selection);

/// Where the result files of one tracker lie.
struct TrackerFolder {
  std::string name;
  std::filesystem::path folder{};        ///< of SEQ.txt
  std::vector<std::string> sequences{};  ///< names of its files, without .txt
  std::filesystem::path single_file{};   ///< in their place: the results of one sequence, whatever its name
};

/// The trackers of a result folder: itself if it holds SEQ.txt or data/SEQ.txt, otherwise every folder in it that does;
/// a split is looked for as in find_sequences. A single result file is a tracker of one sequence.
/// @throws std::runtime_error where there is none.
std::vector<TrackerFolder> find_trackers(const std::filesystem::path& folder, const std::string& split);

/// Which result file belongs to a sequence.
struct ResultFile {
  std::filesystem::path path;
  bool exact_name = true;  ///< false: the names agree but for a detector's suffix
};

/// SEQ.txt of a tracker. Where there is none, and names agree but for a MOT17 detector's suffix (MOT17-02-FRCNN and
/// MOT17-02), that file.
/// @throws std::runtime_error where several files would do.
std::optional<ResultFile> find_result(const TrackerFolder& tracker, const std::string& sequence);

/// MOT17-02-FRCNN without its suffix; other names unchanged.
std::string without_detector(const std::string& sequence);

}  // namespace onepass::eval
