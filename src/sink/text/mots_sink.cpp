#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "io/output_file.hpp"
#include "onepass/shape_geometry.hpp"
#include "onepass/track_sink.hpp"

namespace onepass {
namespace {

constexpr int mots_car = 1, mots_pedestrian = 2, no_class = -1;

/// Class number of MOTS; a stream without class names has these numbers already.
int mots_class(int class_id, const std::vector<std::string>& names) {
  if (names.empty()) return class_id;
  const auto index = static_cast<std::size_t>(class_id);
  if (index >= names.size()) return no_class;
  if (names[index] == "car") return mots_car;
  return names[index] == "person" || names[index] == "pedestrian" ? mots_pedestrian : no_class;
}

class MotsSink : public TrackSink {
 public:
  MotsSink(const std::filesystem::path& path, Overwrite overwrite, const StreamInfo& stream)
      : file_(path, overwrite), class_names_(stream.class_names) {}

  void write(const Frame& frame, std::span<const Track> tracks) override {
    std::string rows;
    for (const auto& [track, mask] : disjoint_masks(tracks))
      fmt::format_to(std::back_inserter(rows), "{} {} {} {} {} {}\n", frame.index + 1, track->id,
                     mots_class(track->class_id, class_names_), mask.height, mask.width, to_coco_text(mask));
    file_.write(rows);
    file_.flush();  // a crash loses nothing of the frame
  }

  void close() override { file_.close(); }

 private:
  struct Part {
    const Track* track;
    Mask mask;
  };

  /// The masks, each without the pixels of those with higher scores, in the order of the tracks; empty ones are left
  /// out.
  std::vector<Part> disjoint_masks(std::span<const Track> tracks) const {
    std::vector<Part> parts;
    for (const auto& track : tracks)
      if (!track.shape.mask.empty() && mots_class(track.class_id, class_names_) >= 0)
        parts.push_back({&track, track.shape.mask});
    for (auto& part : parts)
      for (const auto& other : parts) {
        const auto above =
            std::pair(other.track->score, part.track->id) > std::pair(part.track->score, other.track->id);
        if (&other != &part && above && intersection_area(part.mask, other.track->shape.mask) > 0)
          part.mask = without(part.mask, other.track->shape.mask);
      }
    std::erase_if(parts, [](const Part& part) { return area(part.mask) == 0; });
    return parts;
  }

  io::OutputFile file_;
  std::vector<std::string> class_names_;
};

}  // namespace

std::unique_ptr<TrackSink> make_mots_sink(const std::filesystem::path& path, Overwrite overwrite,
                                          const StreamInfo& stream) {
  return std::make_unique<MotsSink>(path, overwrite, stream);
}

}  // namespace onepass
