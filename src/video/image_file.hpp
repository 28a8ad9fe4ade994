// Images on disk: which files are images, and reading one whole or not at all.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include <opencv2/core/mat.hpp>

#include "onepass/frame_source.hpp"

namespace onepass {

/// Whether the name ends in .jpg, .jpeg, .png, .bmp, .tif, .tiff or .webp (any case) and is not hidden.
bool is_image_name(const std::filesystem::path& path);

/// The image as 8-bit BGR, or nullopt if it cannot be read or ends before its end (a half-written JPEG would otherwise
/// decode to a picture that is grey below).
std::optional<cv::Mat> read_image(const std::filesystem::path& path);

/// Reports images that cannot be read: the first few by name, all of them as a number at the end.
class UnreadableImages {
 public:
  explicit UnreadableImages(WarningHandler warn) : warn_(std::move(warn)) {}

  void add(const std::filesystem::path& path);

  /// @throws std::runtime_error if there was not one readable image among `attempted` > 0.
  void report(const std::string& folder, std::int64_t attempted) const;

 private:
  WarningHandler warn_;
  std::int64_t count_ = 0;
};

}  // namespace onepass
