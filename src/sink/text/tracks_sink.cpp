#include <cmath>
#include <exception>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "formats/registry.hpp"
#include "io/pending_file.hpp"
#include "onepass/setting_error.hpp"
#include "onepass/shape_geometry.hpp"
#include "onepass/track_files.hpp"
#include "sink/text/written_shape.hpp"

namespace onepass {
namespace {

/// Rounds as the other files of tracks do: pixels to two decimals, scores to four.
double rounded(double value, double steps) { return std::round(value * steps) / steps; }

formats::Annotation annotation_of(const Track& track) {
  const auto pixels = [](float value) { return rounded(value, 100); };
  return {.id = track.id,
          .left = pixels(track.box.left),
          .top = pixels(track.box.top),
          .width = pixels(track.box.width),
          .height = pixels(track.box.height),
          .score = rounded(track.score, 10'000),
          .class_id = track.class_id,
          .shape = sink::written_part(track.shape)};
}

formats::Header header_of(const StreamInfo& stream) {
  formats::Header header{.name = stream.source.name, .frame_rate = stream.source.live ? 0 : stream.source.frame_rate};
  for (std::size_t i = 0; i < stream.class_names.size(); ++i)
    header.class_names[static_cast<int>(i)] = stream.class_names[i];
  return header;
}

/// Removes from each mask the pixels of those with higher scores (of two equal ones, that of the lower id): masks of
/// MOTS must be disjoint. Objects whose mask is empty then are removed.
void make_disjoint(std::vector<formats::Annotation>& objects) {
  std::vector<Mask> whole;
  for (const auto& object : objects) whole.push_back(object.shape.mask);
  for (std::size_t i = 0; i < objects.size(); ++i) {
    auto& mask = objects[i].shape.mask;
    for (std::size_t j = 0; j < objects.size(); ++j) {
      const bool above = objects[j].score > objects[i].score || (objects[j].score == objects[i].score && j < i);
      if (i != j && above && intersection_area(mask, whole[j]) > 0) mask = without(mask, whole[j]);
    }
  }
  std::erase_if(objects, [](const formats::Annotation& object) { return area(object.shape.mask) == 0; });
}

/// Gives objects the class numbers of MOTS, car 1 and pedestrian 2, and removes those of other classes. Without names,
/// the numbers are those of MOTS already.
void take_mots_classes(std::vector<formats::Annotation>& objects, const formats::ClassNames& names) {
  if (names.empty()) return;
  const auto mots_class = [&](int class_id) {
    const auto found = names.find(class_id);
    if (found == names.end()) return -1;
    if (found->second == "car") return 1;
    return found->second == "person" || found->second == "pedestrian" ? 2 : -1;
  };
  for (auto& object : objects) object.class_id = mots_class(object.class_id);
  std::erase_if(objects, [](const formats::Annotation& object) { return object.class_id < 0; });
}

/// The frames of a document as JSON Lines, from which it can be made if it is not completed.
class CrashRows {
 public:
  /// @throws SettingError "overwrite" if a run has left rows and they may not be replaced.
  CrashRows(const std::filesystem::path& document, Overwrite overwrite, const formats::Header& header)
      : path_(document.string() + ".part.jsonl"), header_(header) {
    if (overwrite == Overwrite::replace || !std::filesystem::exists(path_)) return;
    throw SettingError(
        "overwrite",
        fmt::format("{}: holds the frames of a run that did not complete {}; convert it to that file, or remove it",
                    path_.string(), document.string()));
  }

  /// Rows after a failure would leave a gap: they end there.
  void write(const formats::LabeledFrame& frame) {
    if (failure_) return;
    try {
      if (!writer_) open();
      writer_->write(frame);
    } catch (const std::exception&) {
      failure_ = std::current_exception();
    }
  }

  /// Removes the rows.
  /// @throws what a write failed with.
  void discard() {
    if (!writer_ && !failure_) return;
    writer_.reset();
    std::error_code ignored;  // the run that begins with these rows in its way reports them
    std::filesystem::remove(path_, ignored);
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  /// Not before the first frame, so that a run without one keeps what an earlier run has left.
  void open() {
    std::filesystem::remove(path_);
    writer_ = formats::format_named("jsonl").make_writer(path_, Overwrite::append, header_);
  }

  std::filesystem::path path_;
  formats::Header header_;
  std::unique_ptr<formats::Writer> writer_;
  std::exception_ptr failure_;
};

class TracksSink : public TrackSink {
 public:
  TracksSink(const formats::Format& format, const std::filesystem::path& path, Overwrite overwrite,
             const formats::Header& header)
      : is_mots_(format.name == "mots"), header_(header) {
    if (format.single_document && !io::is_written_directly(path)) rows_.emplace(path, overwrite, header);
    writer_ = format.make_writer(path, overwrite, header);
  }

  ~TracksSink() override {
    try {
      if (written_) close();
    } catch (const std::exception&) {  // documented for sinks: errors are lost without close()
    }
  }

  void write(const Frame& frame, std::span<const Track> tracks) override {
    written_ = true;
    objects_.clear();
    for (const auto& track : tracks) objects_.push_back(annotation_of(track));
    if (is_mots_) {
      take_mots_classes(objects_, header_.class_names);
      make_disjoint(objects_);
    }
    const formats::LabeledFrame labeled{frame.index + 1, frame.size.empty() ? frame.image.size() : frame.size,
                                        objects_};
    if (rows_) rows_->write(labeled);
    writer_->write(labeled);
  }

  void close() override {
    if (std::exchange(closed_, true)) return;
    writer_->close();
    if (rows_) rows_->discard();  // only now: if the file is not complete, they are the only copy
  }

 private:
  bool is_mots_;
  formats::Header header_;
  std::optional<CrashRows> rows_;  ///< of a single document
  std::unique_ptr<formats::Writer> writer_;
  bool written_ = false;
  bool closed_ = false;
  std::vector<formats::Annotation> objects_;
};

}  // namespace

std::unique_ptr<TrackSink> make_tracks_sink(const std::filesystem::path& path, Overwrite overwrite,
                                            const StreamInfo& stream, const std::string& format) {
  return std::make_unique<TracksSink>(formats::format_named(format), path, overwrite, header_of(stream));
}

}  // namespace onepass
