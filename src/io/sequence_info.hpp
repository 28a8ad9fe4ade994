// Reads the seqinfo.ini of a MOTChallenge sequence.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include <opencv2/core/types.hpp>

namespace onepass::io {

struct SequenceInfo {
  std::string name;
  std::string image_folder = "img1";     ///< imDir, relative to the sequence's folder
  std::string image_extension = ".jpg";  ///< imExt, including the dot
  double frame_rate = 0;                 ///< frameRate, in frames per second; 0 if missing
  std::int64_t length = 0;               ///< seqLength, in frames
  cv::Size size;                         ///< imWidth, imHeight, in pixels; empty if missing
};

/// Reads the [Sequence] section: seqLength (required), name (default: the folder's name), imDir and imExt (defaults
/// above), frameRate, imWidth and imHeight. Other keys and sections are ignored.
/// @throws std::runtime_error with file and line for invalid INI syntax, duplicate keys and values out of range.
SequenceInfo read_sequence_info(const std::filesystem::path& file);

}  // namespace onepass::io
