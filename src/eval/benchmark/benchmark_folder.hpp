// Finds ground truth and result files in MOTChallenge folders, TrackEval's layout and plain folders of SEQ.txt.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace onepass::eval {

/// One sequence: <folder>/gt/gt.txt, <folder>/seqinfo.ini, and optionally det/det.txt, img1/ …; or a file of ground
/// truth in any format.
struct SequenceFolder {
  std::string name;
  std::filesystem::path folder;
  std::optional<std::int64_t> frame_count;  ///< seqLength of seqinfo.ini; nullopt without that file

  std::filesystem::path file{};  ///< of the ground truth, if it is not that of MOTChallenge's layout

  std::filesystem::path truth_file() const { return file.empty() ? folder / "gt" / "gt.txt" : file; }
};

struct SequenceSelection {
  std::filesystem::path
      seqmap;         ///< file with one sequence name per line; empty: the benchmark's own seqmap or all sequences
  std::string split;  ///< "train" finds <folder>/train and <folder>/MOT17-train
};

/// Finds the sequences of a benchmark folder, in the order of the seqmap or else of their names. `folder` may also be a
/// sequence itself, a file of ground truth, or a folder of such files (SEQ.txt, SEQ.json …; also in label_02 of KITTI
/// or annotations of VisDrone).
/// @throws std::runtime_error naming what is missing.
std::vector<SequenceFolder> find_sequences(const std::filesystem::path& folder, const SequenceSelection& selection);

/// Location of the result files of one tracker.
struct TrackerFolder {
  std::string name;
  std::filesystem::path folder{};        ///< folder of the SEQ.txt files
  std::vector<std::string> sequences{};  ///< names of the files in `folder`, without extension
  std::filesystem::path single_file{};   ///< if set, replaces these: the results of one sequence of any name
};

/// Finds the trackers of a result folder: the folder itself if it has SEQ.txt or data/SEQ.txt (or, without text
/// files, results in another format), otherwise every subfolder that has them. The split's folder is searched as in
/// find_sequences, if it exists. If `folder` is a single result file, it is a tracker of one sequence.
/// @throws std::runtime_error if no tracker is found.
std::vector<TrackerFolder> find_trackers(const std::filesystem::path& folder, const std::string& split);

/// The file of a sequence among a tracker's: SEQ.txt, or the file with another extension if there is none.
std::filesystem::path result_path(const TrackerFolder& tracker, const std::string& sequence);

/// The result file of a sequence.
struct ResultFile {
  std::filesystem::path path;
  bool exact_name = true;  ///< false: the names differ in a detector's suffix
};

/// Returns a tracker's SEQ.txt or, if it does not exist, the file whose name differs only in a MOT17 detector's suffix
/// (MOT17-02-FRCNN and MOT17-02); nullopt if there is neither.
/// @throws std::runtime_error if several such files exist.
std::optional<ResultFile> find_result(const TrackerFolder& tracker, const std::string& sequence);

/// Removes a MOT17 detector's suffix: MOT17-02 for MOT17-02-FRCNN; other names are returned unchanged.
std::string without_detector(const std::string& sequence);

}  // namespace onepass::eval
