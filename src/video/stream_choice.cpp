#include "video/stream_choice.hpp"

#include <algorithm>
#include <span>
#include <tuple>
#include <vector>

extern "C" {
#include <libavutil/parseutils.h>
}

#include <fmt/format.h>

#include "onepass/setting_error.hpp"

namespace onepass::video {
namespace {

bool is_video(const AVStream& stream) { return stream.codecpar->codec_type == AVMEDIA_TYPE_VIDEO; }

bool is_cover(const AVStream& stream) {
  return (stream.disposition & (AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_TIMED_THUMBNAILS)) != 0;
}

/// Returns the duration in seconds, which Matroska stores as a tag; 0 if unknown.
double duration_s(const AVStream& stream) {
  if (stream.duration > 0) return static_cast<double>(stream.duration) * av_q2d(stream.time_base);
  const auto* const tag = av_dict_get(stream.metadata, "DURATION", nullptr, 0);
  std::int64_t microseconds = 0;
  return tag && av_parse_time(&microseconds, tag->value, /*duration=*/1) >= 0 ? static_cast<double>(microseconds) / 1e6
                                                                              : 0;
}

/// Returns the number of frames, roughly; 0 if unknown.
double length(const AVStream& stream) {
  if (stream.nb_frames > 0) return static_cast<double>(stream.nb_frames);
  return stream.avg_frame_rate.den > 0 ? duration_s(stream) * av_q2d(stream.avg_frame_rate) : 0;
}

bool is_still(const AVStream& stream) {
  const auto frames = length(stream);
  const bool single = frames > 0 && frames < 1.5;
  return single || is_cover(stream) || (stream.disposition & AV_DISPOSITION_STILL_IMAGE) != 0;
}

/// Orders streams by how likely they are the film.
auto rank(const AVStream* stream) {
  const bool is_default = (stream->disposition & AV_DISPOSITION_DEFAULT) != 0;
  const auto pixels = std::int64_t{stream->codecpar->width} * stream->codecpar->height;
  return std::tuple(!is_cover(*stream), !is_still(*stream), is_default, pixels, length(*stream), -stream->index);
}

}  // namespace

StreamChoice choose_stream(const AVFormatContext& format, std::optional<int> wanted) {
  std::vector<const AVStream*> videos;
  std::string listed;
  for (const auto* stream : std::span(format.streams, format.nb_streams)) {
    if (!is_video(*stream)) continue;
    videos.push_back(stream);
    listed += (listed.empty() ? "" : ", ") + described(*stream);
  }
  if (videos.empty()) checked(AVERROR_STREAM_NOT_FOUND);
  const auto films = static_cast<int>(std::ranges::count_if(videos, [](const auto* each) { return !is_cover(*each); }));
  if (!wanted) return {(*std::ranges::max_element(videos, {}, rank))->index, films};
  if (std::ranges::find(videos, *wanted, &AVStream::index) == videos.end())
    throw SettingError("stream",
                       fmt::format("there is no video stream {}; the video streams are: {}", *wanted, listed));
  return {*wanted, 0};
}

std::string described(const AVStream& stream) {
  const auto& parameters = *stream.codecpar;
  return fmt::format("stream {} ({}, {}x{})", stream.index, avcodec_get_name(parameters.codec_id), parameters.width,
                     parameters.height);
}

}  // namespace onepass::video
