#include <fstream>
#include <map>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "core/printable.hpp"
#include "io/output_file.hpp"
#include "io/pending_file.hpp"
#include "onepass/setting_error.hpp"
#include "onepass/track_files.hpp"
#include "sink/events/best_shot.hpp"
#include "sink/snapshot_file.hpp"
#include "sink/video/jpeg.hpp"

namespace onepass {
namespace {

namespace fs = std::filesystem;

constexpr const char* list_name = "crops.csv";
constexpr const char* list_header = "file,frame,id,class,class_name,left,top,width,height,score,quality\n";
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

struct Shot {
  double quality = 0;
  std::string file{};
  std::string row{};
};

/// Writes pictures; how they are listed is left to derived classes.
class CropsSink : public TrackSink {
 public:
  CropsSink(const fs::path& folder, Overwrite overwrite, const StreamInfo& stream)
      : folder_(folder), class_names_(stream.class_names) {
    take_folder(folder, overwrite);
  }

  void write(const Frame& frame, std::span<const Track> tracks) override {
    if (frame.image.empty())
      throw std::invalid_argument(fmt::format("frame {} has no image; crops need images", frame.index));
    for (const auto& track : tracks) {
      if (track.origin == BoxOrigin::detected)
        take(frame, track, sink::view_quality(track, tracks, frame.image.size()));
    }
  }

 protected:
  virtual void take(const Frame& frame, const Track& track, double quality) = 0;

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

  const fs::path& folder() const { return folder_; }

 private:
  std::string row(const std::string& file, const Frame& frame, const Track& track, double quality) const {
    const auto number = static_cast<std::size_t>(track.class_id);
    auto name = number < class_names_.size() ? printable(class_names_[number]) : "";
    std::erase_if(name, [](char letter) { return letter == ',' || letter == '"'; });
    const auto& box = track.box;
    return fmt::format("{},{},{},{},{},{:.2f},{:.2f},{:.2f},{:.2f},{:.4f},{:.2f}\n", file, frame.index + 1, track.id,
                       track.class_id, name, box.left, box.top, box.width, box.height, track.score, quality);
  }

  fs::path folder_;
  std::vector<std::string> class_names_;
};

class AllCropsSink : public CropsSink {
 public:
  AllCropsSink(const fs::path& folder, Overwrite overwrite, const StreamInfo& stream)
      : CropsSink(folder, overwrite, stream), list_(folder / list_name, overwrite) {}

  void write(const Frame& frame, std::span<const Track> tracks) override {
    begin_list();
    CropsSink::write(frame, tracks);
    list_.flush();  // a crash loses nothing of the frame
  }

  void close() override {
    begin_list();
    list_.close();
  }

 private:
  void begin_list() {
    if (!std::exchange(begun_, true)) list_.write(list_header);
  }

  void take(const Frame& frame, const Track& track, double quality) override {
    list_.write(picture(frame, track, quality).row);
  }

  io::OutputFile list_;
  bool begun_ = false;
};

class BestCropsSink : public CropsSink {
 public:
  BestCropsSink(const fs::path& folder, Overwrite overwrite, const StreamInfo& stream)
      : CropsSink(folder, overwrite, stream),
        file_(folder / list_name, (folder / list_name).string() + ".part", overwrite, io::SpecialFiles::refuse),
        list_(file_.part()) {}

  ~BestCropsSink() override {
    try {
      written_ ? close() : file_.discard();
    } catch (const std::exception&) {  // documented for sinks: errors are lost without close()
    }
  }

  void write(const Frame& frame, std::span<const Track> tracks) override {
    written_ = true;
    CropsSink::write(frame, tracks);
    if (list_.is_due() && list_.save([this] { return rows(); })) remove_replaced();
  }

  void close() override {
    if (std::exchange(closed_, true)) return;
    list_.finish(rows());
    remove_replaced();
    file_.commit();
  }

 private:
  void take(const Frame& frame, const Track& track, double quality) override {
    auto& best = best_[track.id];
    if (!sink::is_clearly_better(quality, best.quality)) return;
    auto shot = picture(frame, track, quality);
    if (shot.file.empty()) return;
    if (!best.file.empty()) replaced_.push_back(best.file);
    best = std::move(shot);
  }

  std::string rows() const {
    std::string text = list_header;
    for (const auto& [_, shot] : best_) text += shot.row;
    return text;
  }

  /// Removes pictures that the list on the disk no longer names.
  void remove_replaced() {
    for (const auto& file : replaced_) fs::remove(folder() / file);
    replaced_.clear();
  }

  io::PendingFile file_;
  sink::SnapshotFile list_;  ///< its part file
  std::map<std::int64_t, Shot> best_;
  std::vector<std::string> replaced_;  ///< files of pictures that the saved list may name
  bool written_ = false;
  bool closed_ = false;
};

}  // namespace

std::unique_ptr<TrackSink> make_crops_sink(const fs::path& folder, Overwrite overwrite, const StreamInfo& stream,
                                           CropChoice choice) {
  if (overwrite == Overwrite::append)
    throw std::invalid_argument(folder.string() + ": cannot append to a folder of crops");
  if (choice == CropChoice::all) return std::make_unique<AllCropsSink>(folder, overwrite, stream);
  return std::make_unique<BestCropsSink>(folder, overwrite, stream);
}

}  // namespace onepass
