// Recognizes image files by name and reads them; truncated images are rejected.
#pragma once

#include <atomic>
#include <filesystem>
#include <optional>
#include <string>

#include <opencv2/core/mat.hpp>

#include "onepass/frame_source.hpp"

namespace onepass::video {

/// The extensions of images, for messages.
inline constexpr const char* image_extensions = "jpg, jpeg, jpe, jfif, png, bmp, dib, tif, tiff, webp, jp2";

/// Whether the name ends in one of image_extensions (any case) and does not start with a dot.
bool is_image_name(const std::filesystem::path& path);

/// Whether the file is an image: it has the name of one, or no extension and the content of one.
bool is_image(const std::filesystem::path& path);

/// Whether the file starts like an image. A recorded stream of JPEG images does so too.
bool has_image_content(const std::filesystem::path& path);

/// Whether the name is that of an image or a video of a kind that read_image() cannot read, such as .heic.
bool is_other_picture_name(const std::filesystem::path& path);

/// Returns the image as 8-bit BGR, upright as its EXIF data says, or nullopt if it cannot be read or is truncated (a
/// truncated JPEG would otherwise be decoded to an image that is gray at the bottom).
std::optional<cv::Mat> read_image(const std::filesystem::path& path);

/// Warns about images that cannot be read: the first few by name, and their total number at the end.
class UnreadableImages {
 public:
  explicit UnreadableImages(WarningHandler warn) : warn_(std::move(warn)) {}

  void add(const std::filesystem::path& path);

  /// Returns their number so far. Any thread may call this.
  std::int64_t count() const { return count_; }

  /// Warns about the total number of unreadable images, if any.
  /// @throws std::runtime_error if none of the `attempted` > 0 images could be read.
  void report(const std::string& folder, std::int64_t attempted) const;

 private:
  WarningHandler warn_;
  std::atomic<std::int64_t> count_ = 0;
};

}  // namespace onepass::video
