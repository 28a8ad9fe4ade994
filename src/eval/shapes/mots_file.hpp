// Reads text files of the MOTS benchmarks: masks with identities.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "onepass/shape.hpp"

namespace onepass::eval {

/// One row: frame id class height width mask, separated by single spaces, with the mask in COCO's compressed format.
struct MotsRow {
  std::int64_t line = 0;   ///< line number in the file, from 1
  std::int64_t frame = 0;  ///< as in the file: MOTSChallenge counts from 1, KITTI MOTS from 0
  std::int64_t id = 0;     ///< of the object; ground truth: 1000 times the class, plus the number of the object
  int class_id = 0;        ///< 1 car, 2 pedestrian, 10 region that is not evaluated
  Mask mask;
};

/// Reads all rows; blank lines are skipped.
/// @throws std::runtime_error "<file>:<line>: …" for a row that is malformed, has a frame below `first_frame` or a mask
///         that does not fill its picture, or whose mask overlaps that of another row of the same frame: masks of MOTS
///         are disjoint, and TrackEval refuses others.
std::vector<MotsRow> read_mots(const std::filesystem::path& file, std::int64_t first_frame);

/// Whether a text file starts with a row of this format.
bool starts_with_mots_row(const std::filesystem::path& file);

}  // namespace onepass::eval
