#include "video/stream_choice.hpp"

#include <algorithm>
#include <span>
#include <tuple>
#include <vector>

#include <fmt/format.h>

#include "onepass/setting_error.hpp"

namespace onepass::video {
namespace {

bool is_video(const AVStream& stream) { return stream.codecpar->codec_type == AVMEDIA_TYPE_VIDEO; }

bool is_cover(const AVStream& stream) {
  return (stream.disposition & (AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_TIMED_THUMBNAILS)) != 0;
}

bool is_still(const AVStream& stream) {
  return is_cover(stream) || (stream.disposition & AV_DISPOSITION_STILL_IMAGE) != 0 || stream.nb_frames == 1;
}

/// Orders streams by how likely they are the film.
auto rank(const AVStream* stream) {
  const bool is_default = (stream->disposition & AV_DISPOSITION_DEFAULT) != 0;
  const auto pixels = std::int64_t{stream->codecpar->width} * stream->codecpar->height;
  return std::tuple(!is_cover(*stream), !is_still(*stream), is_default, pixels, stream->nb_frames, -stream->index);
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
