#include "video/image_folder.hpp"

#include <algorithm>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/natural_order.hpp"
#include "core/printable.hpp"
#include "io/location.hpp"
#include "video/frame_clock.hpp"
#include "video/image_file.hpp"

namespace onepass::video {
namespace {

namespace fs = std::filesystem;

void report_left_out(const fs::path& folder, std::vector<std::string> names, const WarningHandler& warn) {
  if (names.empty()) return;
  std::ranges::sort(names, natural_less);
  constexpr std::size_t shown = 3;
  const auto count = names.size();
  if (count > shown) names.resize(shown);
  warn(fmt::format("{}: {} file{} left out, because images are recognized by the extensions {} ({}{})", folder.string(),
                   count, count == 1 ? " is" : "s are", image_extensions, fmt::join(names, ", "),
                   count > shown ? ", ..." : ""));
}

std::vector<fs::path> images_in(const fs::path& folder, const WarningHandler& warn) {
  std::vector<fs::path> images;
  std::vector<std::string> left_out;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.is_directory()) continue;
    const auto name = entry.path().filename().string();
    if (is_image(entry.path())) {
      images.push_back(entry.path());
    } else if (!name.starts_with(".") && (is_other_picture_name(name) || has_image_content(entry.path()))) {
      left_out.push_back(name);
    }
  }
  report_left_out(folder, std::move(left_out), warn);
  std::sort(images.begin(), images.end(), [](const fs::path& a, const fs::path& b) {
    return natural_less(a.filename().string(), b.filename().string());
  });
  return images;
}

class ImageFolder : public FrameSource {
 public:
  ImageFolder(const fs::path& folder, std::string name, std::vector<fs::path> images, const SourceOptions& options,
              const TimeSpan& span)
      : folder_(folder.string()), images_(std::move(images)), unreadable_(options.warn) {
    info_.name = std::move(name);
    info_.frame_count = static_cast<std::int64_t>(images_.size());
    info_.stride = options.stride;
    const auto range = frames_in(span, info_.frame_rate, info_.stride);
    next_index_ = static_cast<std::size_t>(range.first);
    end_index_ = std::min(images_.size(), static_cast<std::size_t>(range.end));
  }

  const SourceInfo& info() const override { return info_; }

  DecodeErrors errors() const override { return {.undecodable = unreadable_.count()}; }

  std::optional<Frame> next() override {
    while (next_index_ < end_index_) {
      const auto index = next_index_;
      next_index_ += static_cast<std::size_t>(info_.stride);
      ++attempted_;
      auto image = read_image(images_[index]);
      if (!image) {
        unreadable_.add(images_[index]);
        continue;
      }
      Frame frame;
      frame.index = static_cast<std::int64_t>(index);
      frame.time = Timestamp(static_cast<double>(index) / info_.frame_rate);
      frame.size = image->size();
      frame.image = std::move(*image);
      return frame;
    }
    if (!reported_) {
      reported_ = true;
      unreadable_.report(folder_, attempted_);
    }
    return std::nullopt;
  }

 private:
  std::string folder_;
  std::vector<fs::path> images_;
  SourceInfo info_;
  UnreadableImages unreadable_;
  std::size_t next_index_ = 0;
  std::size_t end_index_ = 0;
  std::int64_t attempted_ = 0;
  bool reported_ = false;
};

}  // namespace

std::unique_ptr<FrameSource> open_image_folder(const fs::path& folder, const SourceOptions& options,
                                               const TimeSpan& span) {
  auto images = images_in(folder, options.warn);
  if (images.empty())
    throw std::runtime_error(
        fmt::format("{}: no images in this folder ({}), and no seqinfo.ini", folder.string(), image_extensions));
  return std::make_unique<ImageFolder>(folder, io::folder_name(folder), std::move(images), options, span);
}

std::unique_ptr<FrameSource> open_image_file(const fs::path& file, const SourceOptions& options, const TimeSpan& span) {
  if (!read_image(file))
    throw std::runtime_error(file.string() + ": cannot be read as an image (unknown format, damaged or cut off)");
  return std::make_unique<ImageFolder>(file, as_file_name(file.stem().string()), std::vector{file}, options, span);
}

}  // namespace onepass::video
