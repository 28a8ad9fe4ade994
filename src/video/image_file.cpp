#include "video/image_file.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>
#include <opencv2/imgcodecs.hpp>

#include "core/quiet_libraries.hpp"
#include "video/picture.hpp"

namespace onepass::video {
namespace {

/// Whether a JPEG contains its end-of-image marker. Markers are ff xx; most are followed by a two-byte length (itself
/// included) that leads to the next marker. In the image data, which starts at ff da, a literal ff is encoded as ff 00.
bool jpeg_is_complete(std::string_view bytes) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(bytes[at]); };
  std::size_t at = 2;  // after ff d8
  while (at + 3 < bytes.size() && byte(at) == 0xff && byte(at + 1) != 0xda) {
    const bool padding = byte(at + 1) == 0xff;
    at += padding ? 1 : 2 + byte(at + 2) * 256U + byte(at + 3);
  }
  return at < bytes.size() && bytes.find("\xff\xd9", at) != std::string_view::npos;
}

/// Whether a BMP is at least as long as its header says (file size in bytes 2 to 5, little-endian).
bool bmp_is_complete(std::string_view bytes) {
  constexpr std::size_t header_size = 54;
  if (bytes.size() < header_size) return false;
  std::size_t announced = 0;
  for (std::size_t at = 5; at >= 2; --at) announced = announced * 256 + static_cast<unsigned char>(bytes[at]);
  return announced <= bytes.size();
}

constexpr std::size_t jp2_header = 1024;  // the code stream of a JPEG 2000 file begins before

/// Checks the formats whose decoders accept truncated files or print messages about them; decoders of other formats
/// reject truncated files.
bool is_complete(std::string_view bytes) {
  if (bytes.starts_with("\xff\xd8")) return jpeg_is_complete(bytes);
  if (bytes.starts_with("\x89PNG")) return bytes.rfind("IEND") != std::string_view::npos;
  if (bytes.starts_with("BM")) return bmp_is_complete(bytes);
  if (bytes.find("\xff\x4f\xff\x51") < jp2_header) return bytes.rfind("\xff\xd9") != std::string_view::npos;
  return !bytes.empty();
}

bool is_hidden(const std::filesystem::path& path) { return path.filename().string().starts_with("."); }

/// Returns the extension in lower case without its dot.
std::string extension_of(const std::filesystem::path& path) {
  auto extension = path.extension().string();
  for (auto& letter : extension) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return extension.empty() ? "" : extension.substr(1);
}

/// Whether the extension is in a list that is separated by ", ".
bool contains(std::string_view list, const std::string& extension) {
  return !extension.empty() && (", " + std::string(list) + ",").find(" " + extension + ",") != std::string::npos;
}

/// Reads integers of a TIFF structure, in which EXIF data is stored.
class TiffReader {
 public:
  explicit TiffReader(std::string_view bytes) : bytes_(bytes), little_(bytes.starts_with("II")) {}

  /// Returns the integer of `size` bytes at an offset; 0 beyond the end.
  std::uint32_t number(std::size_t at, std::size_t size) const {
    std::uint32_t value = 0;
    if (at > bytes_.size() || size > bytes_.size() - at) return 0;
    for (std::size_t i = 0; i < size; ++i)
      value = value << 8U | static_cast<unsigned char>(bytes_[at + (little_ ? size - 1 - i : i)]);
    return value;
  }

 private:
  std::string_view bytes_;
  bool little_;
};

/// Returns the EXIF orientation of a WebP image, 0 if there is none. OpenCV turns the images of all other formats.
int webp_orientation(std::string_view bytes) {
  if (!bytes.starts_with("RIFF") || bytes.substr(std::min<std::size_t>(8, bytes.size()), 4) != "WEBP") return 0;
  auto chunk = bytes.find("EXIF", 12);
  if (chunk == std::string_view::npos) return 0;
  auto exif = bytes.substr(std::min(chunk + 8, bytes.size()));
  if (exif.starts_with(std::string_view("Exif\0\0", 6))) exif.remove_prefix(6);
  const TiffReader tiff(exif);
  const std::size_t directory = tiff.number(4, 4);
  for (std::size_t i = 0; i < tiff.number(directory, 2); ++i) {
    constexpr std::uint32_t orientation = 0x112;
    const auto entry = directory + 2 + 12 * i;
    if (tiff.number(entry, 2) == orientation) return static_cast<int>(tiff.number(entry + 8, 2));
  }
  return 0;
}

/// Returns the file's content, or an empty string if the file cannot be read.
std::string read_bytes(const std::filesystem::path& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error) return {};
  std::string bytes(size, '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(bytes.data(), static_cast<std::streamsize>(size));
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  return bytes;
}

}  // namespace

bool is_image_name(const std::filesystem::path& path) {
  return !is_hidden(path) && contains(image_extensions, extension_of(path));
}

bool is_image(const std::filesystem::path& path) {
  if (is_image_name(path)) return true;
  return !is_hidden(path) && path.extension().empty() && has_image_content(path);
}

bool has_image_content(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return false;  // looking into a pipe would take bytes from it
  quiet_libraries();
  try {
    return cv::haveImageReader(path.string());
  } catch (const cv::Exception&) {
    return false;
  }
}

bool is_other_picture_name(const std::filesystem::path& path) {
  static constexpr const char* others =
      "gif, heic, heif, avif, jxl, jxr, svg, psd, xcf, ico, hdr, exr, pbm, pgm, ppm, pnm, apng, dng, cr2, cr3, nef, "
      "arw, "
      "orf, rw2, raf, raw, "
      "mjpeg, mjpg, mp4, m4v, mov, mkv, webm, avi, mpg, mpeg, ts, mts, m2ts, wmv, flv, 3gp, h264, h265, hevc";
  return !is_hidden(path) && contains(others, extension_of(path));
}

std::optional<cv::Mat> read_image(const std::filesystem::path& path) {
  quiet_libraries();
  std::string bytes = read_bytes(path);
  if (!is_complete(bytes)) return std::nullopt;
  try {
    cv::Mat image = cv::imdecode(cv::Mat(1, static_cast<int>(bytes.size()), CV_8U, bytes.data()), cv::IMREAD_COLOR);
    if (!image.empty()) return upright(image, exif_orientation(webp_orientation(bytes)));
  } catch (const cv::Exception&) {  // damaged, or larger than OpenCV accepts
  }
  return std::nullopt;
}

void UnreadableImages::add(const std::filesystem::path& path) {
  constexpr int shown = 5;
  if (++count_ <= shown) warn_(path.string() + ": cannot be read as an image; the frame is skipped");
}

void UnreadableImages::report(const std::string& folder, std::int64_t attempted) const {
  if (count_ == 0) return;
  if (count_ == attempted)
    throw std::runtime_error(fmt::format("{}: none of the {} images can be read", folder, attempted));
  warn_(fmt::format("{}: {} of {} images could not be read", folder, count_.load(), attempted));
}

}  // namespace onepass::video
