#include "video/mot_sequence.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "io/sequence_info.hpp"
#include "video/image_file.hpp"

namespace onepass::video {
namespace {

namespace fs = std::filesystem;
using ImagesByIndex = std::map<std::int64_t, fs::path>;

/// Returns the images whose names are a frame number within the sequence, by index (number - 1). Any number of digits
/// is accepted: MOTChallenge uses six, some data sets eight.
ImagesByIndex numbered_images(const fs::path& folder, const io::SequenceInfo& sequence) {
  ImagesByIndex images;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != sequence.image_extension) continue;
    const auto stem = entry.path().stem().string();
    const char* const end = stem.data() + stem.size();
    std::int64_t number = 0;
    const auto parsed = std::from_chars(stem.data(), end, number);
    if (parsed.ec != std::errc() || parsed.ptr != end || number < 1 || number > sequence.length) continue;
    images.emplace(number - 1, entry.path());
  }
  return images;
}

void report_missing(const ImagesByIndex& images, const io::SequenceInfo& sequence, const fs::path& folder,
                    const WarningHandler& warn) {
  const auto missing = sequence.length - static_cast<std::int64_t>(images.size());
  if (missing == 0) return;
  constexpr std::size_t shown = 3;
  std::vector<std::int64_t> first_numbers;
  for (std::int64_t index = 0; index < sequence.length && first_numbers.size() < shown; ++index) {
    if (!images.contains(index)) first_numbers.push_back(index + 1);
  }
  const bool all_shown = missing == static_cast<std::int64_t>(first_numbers.size());
  warn(fmt::format("{}: {} of {} images are missing from {} (frame {}{}); these frames are skipped", sequence.name,
                   missing, sequence.length, folder.string(), fmt::join(first_numbers, ", "),
                   all_shown ? "" : ", ..."));
}

SourceInfo describe(const io::SequenceInfo& sequence, const SourceOptions& options) {
  SourceInfo info;
  info.name = sequence.name;
  info.frame_rate = sequence.frame_rate;
  info.size = sequence.size;
  info.frame_count = sequence.length;
  info.stride = options.stride;
  return info;
}

Timestamp time_of(std::int64_t index, const SourceInfo& info) {
  return Timestamp(static_cast<double>(index) / info.frame_rate);
}

/// Delivers frames with their images.
class MotImages : public FrameSource {
 public:
  MotImages(SourceInfo info, fs::path folder, ImagesByIndex images, const WarningHandler& warn)
      : info_(std::move(info)), folder_(std::move(folder)), images_(std::move(images)), unreadable_(warn) {
    next_ = images_.begin();
  }

  const SourceInfo& info() const override { return info_; }

  std::optional<Frame> next() override {
    while (next_ != images_.end()) {
      const auto& [index, path] = *next_++;
      if (index % info_.stride != 0) continue;
      ++attempted_;
      auto image = read_image(path);
      if (image) return Frame{index, time_of(index, info_), image->size(), *image};
      unreadable_.add(path);
    }
    if (!reported_) {
      reported_ = true;
      unreadable_.report(folder_.string(), attempted_);
    }
    return std::nullopt;
  }

 private:
  SourceInfo info_;
  fs::path folder_;
  ImagesByIndex images_;
  ImagesByIndex::const_iterator next_;
  UnreadableImages unreadable_;
  std::int64_t attempted_ = 0;
  bool reported_ = false;
};

/// Delivers frames without images, for tracking on given detections.
class MotFrames : public FrameSource {
 public:
  explicit MotFrames(SourceInfo info) : info_(std::move(info)) {}

  const SourceInfo& info() const override { return info_; }

  std::optional<Frame> next() override {
    if (next_index_ >= *info_.frame_count) return std::nullopt;
    const auto index = next_index_;
    next_index_ += info_.stride;
    return Frame{index, time_of(index, info_), info_.size, {}};
  }

 private:
  SourceInfo info_;
  std::int64_t next_index_ = 0;
};

}  // namespace

std::unique_ptr<FrameSource> open_mot_sequence(const fs::path& folder, const SourceOptions& options) {
  const auto ini = folder / "seqinfo.ini";
  const auto sequence = io::read_sequence_info(ini);
  if (sequence.frame_rate == 0) throw std::runtime_error(ini.string() + ": no frameRate in [Sequence]");
  if (!options.load_images) {
    if (sequence.size.empty())
      throw std::runtime_error(ini.string() +
                               ": no imWidth and imHeight in [Sequence]; they are required if images are not loaded");
    return std::make_unique<MotFrames>(describe(sequence, options));
  }
  const auto image_folder = folder / sequence.image_folder;
  if (!fs::is_directory(image_folder))
    throw std::runtime_error(
        fmt::format("{}: the image folder {} does not exist", ini.string(), image_folder.string()));
  auto images = numbered_images(image_folder, sequence);
  if (images.empty())
    throw std::runtime_error(
        fmt::format("{}: no image such as 000001{} in this folder", image_folder.string(), sequence.image_extension));
  report_missing(images, sequence, image_folder, options.warn);
  return std::make_unique<MotImages>(describe(sequence, options), image_folder, std::move(images), options.warn);
}

}  // namespace onepass::video
