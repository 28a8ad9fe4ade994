// Describes a file format: what it keeps, and how it is read and written.
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "formats/annotations.hpp"
#include "onepass/overwrite.hpp"

namespace onepass::formats {

/// What a file does not say about itself; values that it does say win.
struct ReadOptions {
  cv::Size size{};                         ///< of the frames, for formats of relative coordinates
  double frame_rate = 0;                   ///< in frames per second
  std::vector<std::string> class_names{};  ///< by number
  std::string video{};                     ///< which one of several videos in a file to read
};

/// What is known about a video before its first frame is written.
struct Header {
  std::string name;
  double frame_rate = 0;  ///< in frames per second; 0 if unknown
  ClassNames class_names{};
  bool has_marks = false;  ///< some objects are crowds or ignored; formats may need to declare it
};

/// One frame to be written.
struct LabeledFrame {
  std::int64_t number = 1;  ///< from 1, increasing
  cv::Size size{};          ///< empty if unknown
  std::span<const Annotation> objects{};
};

class Writer {
 public:
  virtual ~Writer() = default;

  /// Writes a frame, which may have no objects.
  /// @throws SettingError "size" if the format has relative coordinates and the size is unknown.
  virtual void write(const LabeledFrame& frame) = 0;

  /// Completes the file. A writer that is destroyed without close() completes it but cannot report errors; if write()
  /// was never called, it leaves no file.
  virtual void close() = 0;
};

/// Parts of annotations that a format can lose.
enum class Part : unsigned {
  ids = 1,
  scores = 2,
  class_numbers = 4,
  class_names = 8,
  masks = 16,
  keypoints = 32,
  rotated = 64,
  sizes = 128,        ///< of the frames
  frame_rates = 256,  ///< of the video
  crowds = 512,       ///< marks of regions that are not evaluated
  ignored = 1024,     ///< marks of objects that are not evaluated
  visibility = 2048,  ///< degrees of truncation and occlusion
  visible_shares = 4096,
};

struct Format {
  std::string_view name;       ///< such as "coco"
  std::string_view title;      ///< such as "COCO video JSON"
  std::string_view extension;  ///< such as ".json"; "/" for a folder of files
  unsigned keeps;              ///< bits of Part
  bool single_document;        ///< the file is written when it is closed, because its form demands all frames
  Annotations (*read)(const std::filesystem::path& path, const ReadOptions& options);
  std::unique_ptr<Writer> (*make_writer)(const std::filesystem::path& path, Overwrite overwrite, const Header& header);

  bool keeps_part(Part part) const { return (keeps & static_cast<unsigned>(part)) != 0; }
};

}  // namespace onepass::formats
