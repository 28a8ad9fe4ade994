#include "video/image_folder.hpp"

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "core/natural_order.hpp"
#include "io/location.hpp"
#include "video/image_file.hpp"

namespace onepass::video {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> images_in(const fs::path& folder) {
  std::vector<fs::path> images;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (is_image_name(entry.path()) && !entry.is_directory()) images.push_back(entry.path());
  }
  std::sort(images.begin(), images.end(), [](const fs::path& a, const fs::path& b) {
    return natural_less(a.filename().string(), b.filename().string());
  });
  return images;
}

class ImageFolder : public FrameSource {
 public:
  ImageFolder(const fs::path& folder, std::vector<fs::path> images, const SourceOptions& options)
      : folder_(folder.string()), images_(std::move(images)), unreadable_(options.warn) {
    info_.name = io::folder_name(folder);
    info_.frame_count = static_cast<std::int64_t>(images_.size());
    info_.stride = options.stride;
  }

  const SourceInfo& info() const override { return info_; }

  std::optional<Frame> next() override {
    while (next_index_ < images_.size()) {
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
  std::int64_t attempted_ = 0;
  bool reported_ = false;
};

}  // namespace

std::unique_ptr<FrameSource> open_image_folder(const fs::path& folder, const SourceOptions& options) {
  auto images = images_in(folder);
  if (images.empty())
    throw std::runtime_error(folder.string() +
                             ": no images in this folder (jpg, jpeg, png, bmp, tif, tiff, webp), and no seqinfo.ini");
  return std::make_unique<ImageFolder>(folder, std::move(images), options);
}

}  // namespace onepass::video
