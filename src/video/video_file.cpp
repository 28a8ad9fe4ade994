#include "video/video_file.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "core/printable.hpp"
#include "io/location.hpp"
#include "onepass/setting_error.hpp"
#include "onepass/temporary_error.hpp"
#include "video/decoder.hpp"
#include "video/frame_clock.hpp"
#include "video/stream_choice.hpp"

namespace onepass::video {
namespace {

class VideoFile : public FrameSource {
 public:
  VideoFile(std::unique_ptr<Decoder> decoder, std::string name, const SourceOptions& options, const TimeSpan& span)
      : decoder_(std::move(decoder)), picture_(decoder_->next()), warn_(options.warn) {
    info_.name = std::move(name);
    info_.stride = options.stride;
    if (!picture_) throw std::runtime_error("no frame can be read from this video");
    info_.frame_rate = sane_frame_rate(decoder_->frame_rate(*picture_));
    info_.frame_count = expected_frames();
    clock_.emplace(info_.frame_rate);
    first_ = frame();
    info_.size = first_->size;
    span_ = span;
    if (span_.from_s > 0) begin_at(span_.from_s);
    if (decoder_->film_count() > 1)
      warn_(fmt::format("{}: has {} video streams; {} is read (setting: stream)", info_.name, decoder_->film_count(),
                        described(decoder_->stream())));
  }

  /// @param before_read called before every picture is read
  void count_as_live(std::function<void()> before_read) {
    before_read_ = std::move(before_read);
    info_.live = true;
    info_.frame_count.reset();
  }

  const SourceInfo& info() const override { return info_; }

  DecodeErrors errors() const override {
    auto errors = decoder_->errors();
    errors.concealed -= before_.concealed;
    errors.undecodable += missing_ - before_.undecodable;
    return errors;
  }

  std::optional<Frame> next() override {
    if (first_) return std::exchange(first_, std::nullopt);
    if (reported_) return std::nullopt;
    for (int step = 0; picture_ && step < info_.stride; ++step) {
      before_read_();
      picture_ = decoder_->next();
      if (picture_) ++index_;
    }
    if (picture_) {
      auto result = frame();
      if (result.time.count() < span_.to_s - same_time_s) return result;
    }
    reported_ = true;
    if (span_ == TimeSpan()) count_missing();
    report_end();
    return std::nullopt;
  }

 private:
  static constexpr double same_time_s = 1e-6;

  /// Makes the first frame at or after this time the next one.
  void begin_at(double from_s) {
    const double origin_s = decoder_->time_s(*picture_);
    const bool has_times = decoder_->has_times() && std::isfinite(origin_s);
    if (has_times) seek_before(origin_s + from_s);
    const auto time_s = [&] {
      const double shown_s = decoder_->time_s(*picture_) - origin_s;
      return has_times && std::isfinite(shown_s) ? shown_s : static_cast<double>(index_) / info_.frame_rate;
    };
    if (has_times && picture_ && time_s() > same_time_s)
      index_ = std::max<std::int64_t>(1, std::llround(time_s() * info_.frame_rate));
    while (picture_ && (time_s() < from_s - same_time_s || index_ % info_.stride != 0)) {
      picture_ = decoder_->next();
      ++index_;
    }
    before_ = decoder_->errors();
    first_ = picture_ ? std::optional(frame()) : std::nullopt;
    reported_ = !picture_;
  }

  /// Reads a picture at or before this time. Some containers have no index and land behind it,
  /// or so near to the end that nothing can be decoded.
  void seek_before(double time_s) {
    const double first_s = decoder_->time_s(*picture_);
    for (const double back_s : {0.0, 10.0, 60.0, time_s}) {
      if (!decoder_->seek(std::max(first_s, time_s - back_s))) continue;
      picture_ = decoder_->next();
      if (picture_ && decoder_->time_s(*picture_) <= time_s + same_time_s) return;
    }
    if (picture_) throw std::runtime_error("cannot be read in part: it has no index");
  }

  Frame frame() {
    Frame result;
    result.index = index_;
    result.time = clock_->time_of(index_, decoder_->time_s(*picture_));
    result.image = decoder_->to_bgr(*picture_);
    result.size = result.image.size();
    result.concealed = decoder_->is_concealed();
    return result;
  }

  /// The number of listed frames, or an estimate from the duration.
  std::optional<std::int64_t> expected_frames() const {
    if (const auto listed = decoder_->listed_pictures()) return listed;
    const double duration_s = decoder_->duration_s();
    constexpr double longest = 1e10;
    const double count = duration_s * info_.frame_rate;
    return count >= 1 && count <= longest ? std::optional(std::llround(count)) : std::nullopt;
  }

  /// Counts the frames that a damaged container has lost, so that they never reached the decoder.
  void count_missing() {
    const auto found = index_ + 1 + decoder_->errors().undecodable;
    const auto listed = decoder_->listed_pictures();
    const bool lists_more = listed && decoder_->errors().total() > 0 && !decoder_->is_truncated();
    const auto expected = info_.frame_count.value_or(found);
    const bool breaks_off = decoder_->damage().in_container > 0 && found < expected - 2 - expected / 20;
    if (lists_more || breaks_off) missing_ = std::max<std::int64_t>(0, expected - found);
  }

  void report_end() const {
    const auto frames = index_ + 1;
    const auto damage = decoder_->damage();
    const auto errors = this->errors();
    if (span_.from_s == 0 && damage.lost_start_s * info_.frame_rate > 1.5)
      warn_(fmt::format("{}: the first {:.2f} s cannot be decoded, because they follow no key frame", info_.name,
                        damage.lost_start_s));
    if (errors.total() > 0)
      warn_(fmt::format("{}: of {} frames, {}", info_.name, frames + errors.undecodable, to_text(errors)));
    if (info_.live) {
      if (damage.read_error) throw TemporaryError(fmt::format("{}: {}", info_.name, in_words(*damage.read_error)));
      return;
    }
    if (picture_) return;  // the span ends before the file
    if (decoder_->is_truncated())
      throw std::runtime_error(fmt::format(
          "{}: the file is truncated after its first {} frames, which were all delivered", info_.name, frames));
    if (damage.read_error)
      throw std::runtime_error(
          fmt::format("{}: the file is damaged: it cannot be read beyond its first {} frames", info_.name, frames));
    const auto listed = decoder_->listed_pictures();
    if (span_ == TimeSpan() && listed && *listed > frames + errors.undecodable + 2 + *listed / 100)
      warn_(fmt::format("{}: ended after {} of {} announced frames", info_.name, frames, *listed));
  }

  std::unique_ptr<Decoder> decoder_;
  AVFrame* picture_;  ///< the last picture; null at the end
  WarningHandler warn_;
  SourceInfo info_;
  std::optional<FrameClock> clock_;
  TimeSpan span_;
  DecodeErrors before_;         ///< of frames before the span
  std::optional<Frame> first_;  ///< until it is delivered
  std::int64_t index_ = 0;      ///< of picture_
  std::atomic<std::int64_t> missing_ = 0;
  bool reported_ = false;
  std::function<void()> before_read_ = [] {};
};

/// Throws a SettingError that begins with the name of the source.
[[noreturn]] void rethrow(const std::string& source, const SettingError& error) {
  throw SettingError(error.setting(), source + ": " + error.message());
}

}  // namespace

std::unique_ptr<FrameSource> open_video_file(const std::string& path, const SourceOptions& options,
                                             const TimeSpan& span) {
  std::unique_ptr<Decoder> decoder;
  try {
    // FFmpeg would interpret "a:b.mp4" as a URL with the protocol "a", but not an absolute path.
    decoder =
        std::make_unique<Decoder>(std::filesystem::absolute(path).string(), DecoderOptions{.stream = options.stream});
  } catch (const SettingError& error) {
    rethrow(path, error);
  } catch (const std::runtime_error&) {
    throw std::runtime_error(path + ": not a video that can be read (unknown format, damaged or truncated)");
  }
  const auto name = as_file_name(std::filesystem::path(path).stem().string());
  try {
    return std::make_unique<VideoFile>(std::move(decoder), name, options, span);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(path + ": " + error.what());
  }
}

std::unique_ptr<FrameSource> open_url(const std::string& url, const SourceOptions& options) {
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds patience{10}, silence{30};
  const auto deadline = std::make_shared<std::atomic<Clock::time_point>>(Clock::now() + patience);
  const auto give_up = [deadline] { return Clock::now() > deadline->load(); };
  const auto shown = io::without_credentials(url);
  try {
    auto decoder = std::make_unique<Decoder>(url, DecoderOptions{.stream = options.stream, .give_up = give_up});
    auto source = std::make_unique<VideoFile>(std::move(decoder), io::url_name(url), options, TimeSpan());
    source->count_as_live([deadline] { *deadline = Clock::now() + silence; });
    return source;
  } catch (const SettingError& error) {
    rethrow(shown, error);
  } catch (const TemporaryError& error) {
    throw TemporaryError(shown + ": cannot be opened as a video stream: " + error.what());
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(shown + ": cannot be opened as a video stream: " + error.what());
  }
}

}  // namespace onepass::video
