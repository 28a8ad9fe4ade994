#include "video/mot_sequence.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <map>
#include <stdexcept>
#include <tuple>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/natural_order.hpp"
#include "io/sequence_info.hpp"
#include "video/frame_clock.hpp"
#include "video/image_file.hpp"

namespace onepass::video {
namespace {

namespace fs = std::filesystem;
using ImagesByIndex = std::map<std::int64_t, fs::path>;

/// An image and the number at the end of its name: 1 for 000001.jpg, img1.jpg and cam2_000001.jpg.
struct NumberedImage {
  std::int64_t number = 0;
  fs::path path;
};

/// The images of a sequence by frame index, and those that are no frame of it.
struct Images {
  ImagesByIndex by_index;
  std::vector<std::string> left_out;
};

std::optional<std::int64_t> number_of(const fs::path& path) {
  const auto stem = path.stem().string();
  const auto last_other = stem.find_last_not_of("0123456789");
  const auto first = last_other == std::string::npos ? 0 : last_other + 1;
  const char* const end = stem.data() + stem.size();
  std::int64_t number = 0;
  const auto parsed = std::from_chars(stem.data() + first, end, number);
  constexpr std::int64_t largest = 1'000'000'000'000;  // so that sums of numbers do not overflow
  const bool valid = parsed.ec == std::errc() && parsed.ptr == end && number <= largest;
  return valid ? std::optional(number) : std::nullopt;
}

bool has_extension(const fs::path& path, const std::string& extension) {
  return std::ranges::equal(path.extension().string(), extension,
                            [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

/// Returns the numbered images in order. Of several images with one number, the one with the extension of seqinfo.ini
/// is kept. Other images are added to `left_out`.
std::vector<NumberedImage> numbered_images(const fs::path& folder, const std::string& extension,
                                           std::vector<std::string>& left_out) {
  std::vector<NumberedImage> images;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const auto& path = entry.path();
    const bool image = !entry.is_directory() && is_image_name(path);
    const auto number = number_of(path);
    if (image && number) images.push_back({*number, path});
    if ((image && !number) || is_other_picture_name(path)) left_out.push_back(path.filename().string());
  }
  std::ranges::sort(images, {}, [&](const NumberedImage& image) {
    return std::tuple(image.number, !has_extension(image.path, extension), image.path.filename().string());
  });
  const auto again = [&](const NumberedImage& a, const NumberedImage& b) {
    if (a.number == b.number) left_out.push_back(b.path.filename().string());
    return a.number == b.number;
  };
  images.erase(std::unique(images.begin(), images.end(), again), images.end());
  return images;
}

/// Returns the number of the first frame: 1, or 0 or a larger one if the numbers only fit the sequence's length so.
std::int64_t first_number(const std::vector<NumberedImage>& images, std::int64_t length) {
  const auto lowest = images.front().number;
  const auto highest = images.back().number;
  const bool filled = highest > length && highest - lowest + 1 == length;
  return lowest == 0 || lowest > length || filled ? lowest : 1;
}

Images images_of(const fs::path& folder, const io::SequenceInfo& sequence, const WarningHandler& warn) {
  Images images;
  const auto numbered = numbered_images(folder, sequence.image_extension, images.left_out);
  if (numbered.empty()) return images;
  const auto first = first_number(numbered, sequence.length);
  const auto last = first + sequence.length - 1;
  const bool in_order = numbered.back().number > last && static_cast<std::int64_t>(numbered.size()) == sequence.length;
  for (const auto& [number, path] : numbered) {
    const auto index = in_order ? static_cast<std::int64_t>(images.by_index.size()) : number - first;
    if (index < sequence.length) {
      images.by_index.emplace(index, path);
    } else {
      images.left_out.push_back(path.filename().string());
    }
  }
  if (in_order) {
    warn(fmt::format("{}: the images are not numbered consecutively; they are taken in their order", sequence.name));
  } else if (first > 1) {
    warn(fmt::format("{}: the images are numbered from {}; {} is frame 1", sequence.name, first,
                     numbered.front().path.filename().string()));
  }
  return images;
}

void report_left_out(std::vector<std::string> names, const io::SequenceInfo& sequence, const fs::path& folder,
                     const WarningHandler& warn) {
  if (names.empty()) return;
  std::ranges::sort(names, natural_less);
  const auto count = names.size();
  warn(fmt::format("{}: {} image{} of {} left out ({}{}): a frame is an image with a number, up to seqLength {}",
                   sequence.name, count, count == 1 ? "" : "s", folder.string(), names.front(),
                   count == 1 ? "" : " to " + names.back(), sequence.length));
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
  MotImages(SourceInfo info, fs::path folder, ImagesByIndex images, const SourceOptions& options, const TimeSpan& span)
      : info_(std::move(info)), folder_(std::move(folder)), images_(std::move(images)), unreadable_(options.warn) {
    const auto range = frames_in(span, info_.frame_rate, info_.stride);
    next_ = images_.lower_bound(range.first);
    end_ = images_.lower_bound(range.end);
  }

  const SourceInfo& info() const override { return info_; }

  DecodeErrors errors() const override { return {.undecodable = unreadable_.count()}; }

  std::optional<Frame> next() override {
    while (next_ != end_) {
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
  ImagesByIndex::const_iterator end_;
  UnreadableImages unreadable_;
  std::int64_t attempted_ = 0;
  bool reported_ = false;
};

/// Delivers frames without images, for tracking on given detections.
class MotFrames : public FrameSource {
 public:
  MotFrames(SourceInfo info, const TimeSpan& span)
      : info_(std::move(info)), range_(frames_in(span, info_.frame_rate, info_.stride)), next_index_(range_.first) {}

  const SourceInfo& info() const override { return info_; }

  std::optional<Frame> next() override {
    if (next_index_ >= std::min(*info_.frame_count, range_.end)) return std::nullopt;
    const auto index = next_index_;
    next_index_ += info_.stride;
    return Frame{index, time_of(index, info_), info_.size, {}};
  }

 private:
  SourceInfo info_;
  IndexRange range_;
  std::int64_t next_index_;
};

}  // namespace

bool has_images(const std::string& location) {
  const fs::path file = fs::path(location) / "seqinfo.ini";
  return !fs::exists(file) || fs::is_directory(fs::path(location) / io::read_sequence_info(file).image_folder);
}

std::unique_ptr<FrameSource> open_mot_sequence(const fs::path& folder, const SourceOptions& options,
                                               const TimeSpan& span) {
  const auto ini = folder / "seqinfo.ini";
  const auto sequence = io::read_sequence_info(ini);
  if (sequence.frame_rate == 0) throw std::runtime_error(ini.string() + ": no frameRate in [Sequence]");
  if (!options.load_images) {
    if (sequence.size.empty())
      throw std::runtime_error(ini.string() +
                               ": no imWidth and imHeight in [Sequence]; they are required if images are not loaded");
    return std::make_unique<MotFrames>(describe(sequence, options), span);
  }
  const auto image_folder = folder / sequence.image_folder;
  if (!fs::is_directory(image_folder))
    throw std::runtime_error(
        fmt::format("{}: the image folder {} does not exist", ini.string(), image_folder.string()));
  auto images = images_of(image_folder, sequence, options.warn);
  if (images.by_index.empty())
    throw std::runtime_error(
        fmt::format("{}: no image such as 000001{} in this folder", image_folder.string(), sequence.image_extension));
  report_left_out(std::move(images.left_out), sequence, image_folder, options.warn);
  report_missing(images.by_index, sequence, image_folder, options.warn);
  return std::make_unique<MotImages>(describe(sequence, options), image_folder, std::move(images.by_index), options,
                                     span);
}

}  // namespace onepass::video
