#include <exception>
#include <optional>
#include <utility>

#include "io/output_file.hpp"
#include "io/pending_file.hpp"
#include "sink/counts/counts_table.hpp"
#include "sink/snapshot_file.hpp"

namespace onepass {
namespace {

class CountsSink : public TrackSink {
 public:
  CountsSink(const StreamInfo& stream, double interval_s, CountsOutput output)
      : table_(stream, interval_s), output_(std::move(output)) {
    if (!output_.open_interval.empty()) open_interval_.emplace(output_.open_interval);
  }

  ~CountsSink() override {
    try {
      if (written_) close();
    } catch (const std::exception&) {  // documented for sinks: errors are lost without close()
    }
  }

  void write(const Frame& frame, std::span<const Track> tracks) override {
    written_ = true;
    pass_on(table_.update(frame, tracks));
  }

  void idle(const Frame& now) override { pass_on(table_.update(now, {})); }

  void close() override {
    if (std::exchange(closed_, true)) return;
    pass_on(table_.finish());
    output_.on_close();
    if (open_interval_) open_interval_->discard();
  }

 private:
  void pass_on(const std::string& rows) {
    if (!rows.empty()) output_.write(rows);
    if (closed_ || !open_interval_ || !(open_interval_->is_due() || !rows.empty())) return;
    open_interval_->save([this] { return table_.open_interval(); });
  }

  sink::CountsTable table_;
  CountsOutput output_;
  std::optional<sink::SnapshotFile> open_interval_;
  bool written_ = false;
  bool closed_ = false;
};

}  // namespace

std::shared_ptr<StreamCounter> counter_of(const StreamInfo& stream) {
  if (stream.counting.shared) return stream.counting.shared;
  return std::make_shared<StreamCounter>(stream.counting, stream.class_names);
}

StreamInfo counted_once(StreamInfo stream) {
  stream.counting.shared = counter_of(stream);
  return stream;
}

std::unique_ptr<TrackSink> make_counts_sink(const StreamInfo& stream, double interval_s, CountsOutput output) {
  return std::make_unique<CountsSink>(stream, interval_s, std::move(output));
}

std::unique_ptr<TrackSink> make_counts_file_sink(const std::filesystem::path& path, Overwrite overwrite,
                                                 const StreamInfo& stream, double interval_s) {
  const auto file = std::make_shared<io::OutputFile>(path == "-" ? io::OutputFile::standard_output()  //
                                                                 : io::OutputFile(path, overwrite));
  const auto header_due = std::make_shared<bool>(true);
  const auto write = [file, header_due](const std::string& rows) {
    if (std::exchange(*header_due, false)) file->write(counts_header());
    file->write(rows);
    file->flush();
  };
  const auto open_interval = io::is_written_directly(path) ? "" : path.string() + ".current";
  return make_counts_sink(stream, interval_s, {write, open_interval, [file] { file->close(); }});
}

}  // namespace onepass
