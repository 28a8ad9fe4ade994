#include "onepass/track_sink.hpp"
#include "sink/json_values.hpp"
#include "sink/output_file.hpp"

namespace onepass {
namespace {

class JsonlSink : public TrackSink {
 public:
  JsonlSink(OutputFile file, const StreamInfo& stream) : file_(std::move(file)), stream_(stream) {}

  void write(const Frame& frame, std::span<const Track> tracks) override {
    file_.write(frame_line(frame, tracks, stream_) + "\n");
    file_.flush();  // lets readers of the file or pipe see each frame at once
  }

  void close() override { file_.close(); }

 private:
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
