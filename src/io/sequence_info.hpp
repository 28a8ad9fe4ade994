// Reads the seqinfo.ini of a MOTChallenge sequence.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include <opencv2/core/types.hpp>

namespace onepass::io {

struct SequenceInfo {
  std::string name;                      ///< of the folder, as evaluation calls the sequence; the key name is ignored
  std::string image_folder = "img1";     ///< imDir, a folder inside the sequence's folder
  std::string image_extension = ".jpg";  ///< imExt, with its dot even if the file leaves it out
  double frame_rate = 0;                 ///< frameRate, in frames per second; 0 if missing
  std::int64_t length = 0;               ///< seqLength, in frames
  cv::Size size;                         ///< imWidth, imHeight, in pixels; empty if missing
};

/// Reads the [Sequence] section: seqLength (required), imDir and imExt (defaults above), frameRate, imWidth and
/// imHeight; upper and lower case are equivalent, and "key: value" is accepted too. Other keys and sections are
/// ignored.
/// @throws std::runtime_error with file and line for invalid INI syntax, duplicate keys, values out of range and an
///         imDir outside the sequence's folder.
SequenceInfo read_sequence_info(const std::filesystem::path& file);

}  // namespace onepass::io
