#include <fmt/format.h>

#include "io/output_file.hpp"
#include "onepass/track_sink.hpp"
#include "sink/text/written_shape.hpp"

namespace onepass {
namespace {

class MotSink : public TrackSink {
 public:
  MotSink(const std::filesystem::path& path, Overwrite overwrite) : file_(path, overwrite) {}

  void write(const Frame& frame, std::span<const Track> tracks) override {
    rows_.clear();
    for (const auto& track : tracks) {
      const auto& box = track.box;
      fmt::format_to(std::back_inserter(rows_), "{},{},{:.2f},{:.2f},{:.2f},{:.2f},{:.4f},-1,-1,-1", frame.index + 1,
                     track.id, box.left, box.top, box.width, box.height, track.score);
      if (const auto turned = sink::written_part({{}, {}, track.shape.rotated}).rotated)
        fmt::format_to(std::back_inserter(rows_), ",{:.2f},{:.2f},{:.2f},{:.2f},{:.4f}", turned->center_x,
                       turned->center_y, turned->width, turned->height, turned->angle);
      rows_ += '\n';
    }
    file_.write(rows_);
    file_.flush();  // a crash loses nothing of the frame
  }

  void close() override { file_.close(); }

 private:
  io::OutputFile file_;
  std::string rows_;
};

}  // namespace

std::unique_ptr<TrackSink> make_mot_sink(const std::filesystem::path& path, Overwrite overwrite) {
  return std::make_unique<MotSink>(path, overwrite);
}

}  // namespace onepass
