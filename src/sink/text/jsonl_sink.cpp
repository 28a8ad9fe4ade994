#include "io/output_file.hpp"
#include "onepass/track_sink.hpp"
#include "sink/text/json_values.hpp"

namespace onepass {
namespace {

class JsonlSink : public TrackSink {
 public:
  JsonlSink(io::OutputFile file, const StreamInfo& stream)
      : file_(std::move(file)), stream_(stream), motions_in_(sink::motions_in(stream)) {}

  void write(const Frame& frame, std::span<const Track> tracks) override {
    file_.write(sink::frame_line(frame, tracks, stream_, motions_in_(frame, tracks)) + "\n");
    file_.flush();  // lets readers of the file or pipe see each frame at once
  }

  void close() override { file_.close(); }

 private:
  io::OutputFile file_;
  StreamInfo stream_;
  std::function<sink::Motions(const Frame&, std::span<const Track>)> motions_in_;
};

}  // namespace

std::unique_ptr<TrackSink> make_jsonl_sink(const std::filesystem::path& path, Overwrite overwrite,
                                           const StreamInfo& stream) {
  auto file = path == "-" ? io::OutputFile::standard_output() : io::OutputFile(path, overwrite);
  return std::make_unique<JsonlSink>(std::move(file), stream);
}

}  // namespace onepass
