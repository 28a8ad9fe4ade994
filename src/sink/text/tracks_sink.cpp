#include <cmath>

#include "formats/format.hpp"
#include "onepass/track_files.hpp"

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
          .shape = track.shape};
}

formats::Header header_of(const StreamInfo& stream) {
  formats::Header header{.name = stream.source.name, .frame_rate = stream.source.live ? 0 : stream.source.frame_rate};
  for (std::size_t i = 0; i < stream.class_names.size(); ++i)
    header.class_names[static_cast<int>(i)] = stream.class_names[i];
  return header;
}

class TracksSink : public TrackSink {
 public:
  explicit TracksSink(std::unique_ptr<formats::Writer> writer) : writer_(std::move(writer)) {}

  void write(const Frame& frame, std::span<const Track> tracks) override {
    objects_.clear();
    for (const auto& track : tracks) objects_.push_back(annotation_of(track));
    writer_->write({frame.index + 1, frame.size.empty() ? frame.image.size() : frame.size, objects_});
  }

  void close() override { writer_->close(); }

 private:
  std::unique_ptr<formats::Writer> writer_;
  std::vector<formats::Annotation> objects_;
};

}  // namespace

std::unique_ptr<TrackSink> make_tracks_sink(const std::filesystem::path& path, Overwrite overwrite,
                                            const StreamInfo& stream, const std::string& format) {
  return std::make_unique<TracksSink>(formats::format_named(format).make_writer(path, overwrite, header_of(stream)));
}

}  // namespace onepass
