#include <cmath>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "onepass/track_sink.hpp"
#include "sink/output_file.hpp"

namespace onepass {
namespace {

using Json = nlohmann::ordered_json;

/// A value that prints with no more than this many decimals: as a double, "0.9" and not "0.8999999761581421".
Json rounded(double value, int decimals) {
  const double scale = std::pow(10, decimals);
  return std::round(value * scale) / scale;
}

bool is_finite(const Track& track) {
  const auto& box = track.box;
  return std::isfinite(box.left) && std::isfinite(box.top) && std::isfinite(box.width) && std::isfinite(box.height) &&
         std::isfinite(track.score);
}

class JsonlSink : public TrackSink {
 public:
  JsonlSink(OutputFile file, const StreamInfo& stream) : file_(std::move(file)), stream_(stream) {}

  void write(const Frame& frame, std::span<const Track> tracks) override {
    Json line;
    line["index"] = frame.index;
    line["time"] = rounded(frame.time.count(), 6);
    line["source"] = stream_.source.name;
    line["tracks"] = Json::array();
    for (const auto& track : tracks) line["tracks"].push_back(describe(track, frame.index));
    // Class and source names come from files and may be no UTF-8, which JSON must be.
    file_.write(line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
    file_.flush();  // whoever reads along sees each frame at once
  }

  void close() override { file_.close(); }

 private:
  Json describe(const Track& track, std::int64_t index) const {
    if (!is_finite(track))
      throw std::runtime_error(fmt::format("frame {}: track {} has a value that is not finite", index, track.id));
    const auto& box = track.box;
    const auto class_index = static_cast<std::size_t>(track.class_id);
    Json result;
    result["id"] = track.id;
    result["class"] = track.class_id;
    result["class_name"] = class_index < stream_.class_names.size() ? Json(stream_.class_names[class_index]) : Json();
    result["box"] = {rounded(box.left, 2), rounded(box.top, 2), rounded(box.width, 2), rounded(box.height, 2)};
    result["score"] = rounded(track.score, 4);
    result["origin"] = to_string(track.origin);
    result["state"] = to_string(track.state);
    return result;
  }

  OutputFile file_;
  StreamInfo stream_;
};

}  // namespace

std::unique_ptr<TrackSink> make_jsonl_sink(const std::filesystem::path& path, Overwrite overwrite,
                                           const StreamInfo& stream) {
  auto file = path == "-" ? OutputFile::standard_output() : OutputFile(path, overwrite);
  return std::make_unique<JsonlSink>(std::move(file), stream);
}

}  // namespace onepass
