#include <cmath>
#include <exception>
#include <utility>

#include "formats/registry.hpp"
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

class TracksSink : public TrackSink {
 public:
  TracksSink(const formats::Format& format, const std::filesystem::path& path, Overwrite overwrite,
             const formats::Header& header)
      : is_mots_(format.name == "mots"),
        class_names_(header.class_names),
        writer_(format.make_writer(path, overwrite, header)) {
    if (!format.written_at_once || std::filesystem::is_other(path)) return;  // nothing belongs beside a device
    rows_path_ = path.string() + ".part.jsonl";
    std::filesystem::remove(rows_path_);  // of a run that was killed
    rows_ = formats::format_named("jsonl").make_writer(rows_path_, Overwrite::append, header);
  }

  ~TracksSink() override {
    try {
      written_ ? close() : remove_rows();
    } catch (const std::exception&) {  // documented for sinks: errors are lost without close()
    }
  }

  void write(const Frame& frame, std::span<const Track> tracks) override {
    written_ = true;
    objects_.clear();
    for (const auto& track : tracks) objects_.push_back(annotation_of(track));
    if (is_mots_) {
      take_mots_classes(objects_, class_names_);
      make_disjoint(objects_);
    }
    const formats::LabeledFrame labeled{frame.index + 1, frame.size.empty() ? frame.image.size() : frame.size,
                                        objects_};
    if (rows_) rows_->write(labeled);
    writer_->write(labeled);
  }

  void close() override {
    writer_->close();
    remove_rows();
  }

 private:
  void remove_rows() {
    rows_.reset();
    if (!rows_path_.empty()) std::filesystem::remove(rows_path_);
  }

  bool is_mots_;
  formats::ClassNames class_names_;
  std::unique_ptr<formats::Writer> writer_;
  std::filesystem::path rows_path_;        ///< empty for a format that is written frame by frame
  std::unique_ptr<formats::Writer> rows_;  ///< the same as JSON Lines, from which the file can be made after a crash
  bool written_ = false;
  std::vector<formats::Annotation> objects_;
};

}  // namespace

std::unique_ptr<TrackSink> make_tracks_sink(const std::filesystem::path& path, Overwrite overwrite,
                                            const StreamInfo& stream, const std::string& format) {
  return std::make_unique<TracksSink>(formats::format_named(format), path, overwrite, header_of(stream));
}

}  // namespace onepass
