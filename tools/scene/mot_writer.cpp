#include "scene/mot_writer.hpp"

#include <stdexcept>

#include <fmt/format.h>
#include <opencv2/imgcodecs.hpp>

#include "onepass/shape_geometry.hpp"

namespace onepass::scene {
namespace {

constexpr double least_visibility = 0.1;

}  // namespace

std::string truth_row(int frame, const TruthBox& box) {
  const bool counts = box.mot_class == MotClass::pedestrian && box.visibility >= least_visibility;
  return fmt::format("{},{},{},{},{},{},{},{},{:.3f}\n", frame, box.identity, box.box.x + 1, box.box.y + 1,
                     box.box.width, box.box.height, counts ? 1 : 0, static_cast<int>(box.mot_class), box.visibility);
}

std::string mask_rows(int frame, const Picture& picture) {
  std::string rows;
  for (const auto& box : picture.truth) {
    if (box.mot_class != MotClass::pedestrian && box.mot_class != MotClass::car) continue;
    const auto mask = to_mask(picture.owners == box.identity);
    if (area(mask) == 0) continue;
    rows += fmt::format("{} {} {} {} {} {}\n", frame, box.identity, box.mot_class == MotClass::pedestrian ? 2 : 1,
                        mask.height, mask.width, to_coco_text(mask));
  }
  return rows;
}

MotWriter::MotWriter(std::filesystem::path folder, const MotWriterOptions& options)
    : folder_(std::move(folder)), options_(options) {
  if (std::filesystem::exists(folder_ / "seqinfo.ini"))
    throw std::runtime_error(fmt::format("{}: already contains a sequence; --overwrite replaces it", folder_.string()));
  std::filesystem::create_directories(folder_ / "img1");
  std::filesystem::create_directories(folder_ / "gt");
  truth_.open(folder_ / "gt" / "gt.txt");
  if (options_.masks) masks_.open(folder_ / "gt" / "mots.txt");
  if (!truth_) throw std::runtime_error(fmt::format("{}: cannot be written", (folder_ / "gt" / "gt.txt").string()));
}

void MotWriter::write(const Picture& picture) {
  ++frames_;
  size_ = picture.image.size();
  const auto path = folder_ / "img1" / fmt::format("{:06}.jpg", frames_);
  if (!cv::imwrite(path.string(), picture.image, {cv::IMWRITE_JPEG_QUALITY, options_.jpeg_quality}))
    throw std::runtime_error(fmt::format("{}: cannot be written", path.string()));
  for (const auto& box : picture.truth) truth_ << truth_row(frames_, box);
  if (options_.masks) masks_ << mask_rows(frames_, picture);
}

void MotWriter::close(double frame_rate) {
  truth_.close();
  if (options_.masks) masks_.close();
  std::ofstream info(folder_ / "seqinfo.ini");
  info << fmt::format(
      "[Sequence]\nname={}\nimDir=img1\nframeRate={}\nseqLength={}\nimWidth={}\nimHeight={}\nimExt=.jpg\n",
      std::filesystem::absolute(folder_).lexically_normal().filename().string(), frame_rate, frames_, size_.width,
      size_.height);
  info.close();
  if (!truth_ || !masks_ || !info) throw std::runtime_error(fmt::format("{}: cannot be written", folder_.string()));
}

}  // namespace onepass::scene
