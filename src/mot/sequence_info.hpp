// The seqinfo.ini of a MOTChallenge sequence.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include <opencv2/core/types.hpp>

namespace onepass {

struct SequenceInfo {
  std::string name;
  std::string image_folder = "img1";     ///< imDir, relative to the sequence
  std::string image_extension = ".jpg";  ///< imExt, with its dot
  double frame_rate = 0;                 ///< frameRate, in frames per second; 0 where the file does not say
  std::int64_t length = 0;               ///< seqLength, in frames
  cv::Size size;                         ///< imWidth, imHeight; empty where the file does not say
};

/// Reads the [Sequence] section: seqLength (required), name, imDir, imExt (with the defaults above, the name being that
/// of the folder), frameRate, imWidth and imHeight. Other keys and sections are left alone.
/// @throws std::runtime_error with file and line for what is no INI syntax, given twice or out of range.
SequenceInfo read_sequence_info(const std::filesystem::path& file);

}  // namespace onepass
