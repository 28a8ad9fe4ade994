#include <fstream>
#include <map>
#include <stdexcept>

#include <fmt/format.h>

#include "core/printable.hpp"
#include "io/output_file.hpp"
#include "onepass/setting_error.hpp"
#include "onepass/track_files.hpp"
#include "sink/events/best_shot.hpp"
#include "sink/video/jpeg.hpp"

namespace onepass {
namespace {

namespace fs = std::filesystem;

constexpr const char* index_name = "crops.csv";
constexpr int jpeg_quality = 92;  // in percent

bool is_picture(const fs::path& path) {
  return path.extension() == ".jpg" && path.filename().string().starts_with("id");
}

/// Removes the pictures of an earlier run, which would not be in the new list.
void take_folder(const fs::path& folder, Overwrite overwrite) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    throw std::runtime_error(fmt::format("{}: cannot create this folder: {}", folder.string(), error.message()));
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (!is_picture(entry.path())) continue;
    if (overwrite == Overwrite::refuse) throw SettingError("overwrite", entry.path().string() + ": already exists");
    fs::remove(entry.path());
  }
}

class CropsSink : public TrackSink {
 public:
  CropsSink(const fs::path& folder, Overwrite overwrite, const StreamInfo& stream, CropChoice choice)
      : folder_(folder), class_names_(stream.class_names), choice_(choice) {
    take_folder(folder, overwrite);
    index_.emplace(folder / index_name, overwrite);
    index_->write("file,frame,id,class,class_name,left,top,width,height,score,quality\n");
  }

  ~CropsSink() override {
    try {
      if (written_) close();
    } catch (const std::exception&) {  // documented for sinks: errors are lost without close()
    }
  }

  void write(const Frame& frame, std::span<const Track> tracks) override {
    written_ = true;
    if (frame.image.empty())
      throw std::invalid_argument(fmt::format("frame {} has no image; crops need images", frame.index));
    for (const auto& track : tracks) {
      if (track.origin != BoxOrigin::detected) continue;
      choice_ == CropChoice::all ? save(frame, track, tracks) : improve(frame, track, tracks);
    }
  }

  void close() override {
    if (closed_) return;
    closed_ = true;
    for (const auto& [_, shot] : best_) index_->write(shot.row);
    index_->close();
  }

 private:
  struct Shot {
    double quality = 0;
    std::string file{};
    std::string row{};
  };

  /// Writes the view and returns it; its file is empty if the box lies outside the frame.
  Shot picture(const Frame& frame, const Track& track, double quality) const {
    const auto view = sink::view_of(track.box, frame.image.size());
    if (view.empty()) return {};
    const auto name = fmt::format("id{:06}_frame{:06}.jpg", track.id, frame.index + 1);
    const auto bytes = sink::to_jpeg(frame.image(view), jpeg_quality);
    const auto path = folder_ / name;
    std::ofstream file(path, std::ios::binary);
    file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    file.close();
    if (!file) throw std::runtime_error(path.string() + ": cannot be written");
    return {quality, name, row(name, frame, track, quality)};
  }

  std::string row(const std::string& file, const Frame& frame, const Track& track, double quality) const {
    const auto number = static_cast<std::size_t>(track.class_id);
    auto name = number < class_names_.size() ? printable(class_names_[number]) : "";
    std::erase_if(name, [](char letter) { return letter == ',' || letter == '"'; });
    const auto& box = track.box;
    return fmt::format("{},{},{},{},{},{:.2f},{:.2f},{:.2f},{:.2f},{:.4f},{:.2f}\n", file, frame.index + 1, track.id,
                       track.class_id, name, box.left, box.top, box.width, box.height, track.score, quality);
  }

  void save(const Frame& frame, const Track& track, std::span<const Track> all) {
    const auto shot = picture(frame, track, sink::view_quality(track, all, frame.image.size()));
    index_->write(shot.row);
  }

  void improve(const Frame& frame, const Track& track, std::span<const Track> all) {
    const double quality = sink::view_quality(track, all, frame.image.size());
    auto& best = best_[track.id];
    if (!sink::is_clearly_better(quality, best.quality)) return;
    auto shot = picture(frame, track, quality);
    if (shot.file.empty()) return;
    if (!best.file.empty()) fs::remove(folder_ / best.file);
    best = std::move(shot);
  }

  fs::path folder_;
  std::vector<std::string> class_names_;
  CropChoice choice_;
  std::optional<io::OutputFile> index_;
  std::map<std::int64_t, Shot> best_;
  bool written_ = false;
  bool closed_ = false;
};

}  // namespace

std::unique_ptr<TrackSink> make_crops_sink(const fs::path& folder, Overwrite overwrite, const StreamInfo& stream,
                                           CropChoice choice) {
  if (overwrite == Overwrite::append)
    throw std::invalid_argument(folder.string() + ": cannot append to a folder of crops");
  return std::make_unique<CropsSink>(folder, overwrite, stream, choice);
}

}  // namespace onepass
