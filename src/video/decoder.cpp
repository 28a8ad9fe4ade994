#include "video/decoder.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <new>
#include <span>
#include <stdexcept>
#include <utility>

#include "video/stream_choice.hpp"

namespace onepass::video {
namespace {

/// Whether FFmpeg would play a text file as video of a terminal, which is never intended.
bool is_text(AVCodecID codec) {
  return codec == AV_CODEC_ID_ANSI || codec == AV_CODEC_ID_BINTEXT || codec == AV_CODEC_ID_XBIN ||
         codec == AV_CODEC_ID_IDF;
}

}  // namespace

Decoder::Decoder(const std::string& location, DecoderOptions options) : options_(std::move(options)) {
  quiet_ffmpeg();
  open(location);
  open_codec();
}

/// Interrupt callback of FFmpeg. Once it has returned 1 it always does, because FFmpeg may call it again after that.
int Decoder::asked_to_give_up(void* self) {
  auto& decoder = *static_cast<Decoder*>(self);
  decoder.given_up_ = decoder.given_up_ || (decoder.options_.give_up && decoder.options_.give_up());
  return decoder.given_up_ ? 1 : 0;
}

void Decoder::open(const std::string& location) {
  auto* format = avformat_alloc_context();
  if (!format) throw std::bad_alloc();
  format->interrupt_callback = {asked_to_give_up, this};
  logged_.watch(*format);
  if (options_.live) {
    format->flags |= AVFMT_FLAG_NOBUFFER | AVFMT_FLAG_DISCARD_CORRUPT;
    format->max_analyze_duration = AV_TIME_BASE;  // one second of the stream is enough to identify it
  }
  Options options{{"rtsp_flags", "prefer_tcp"}};
  const int result = avformat_open_input(&format, location.c_str(), nullptr, options.get());  // frees it on failure
  checked(result);
  format_.reset(format);
  if (!options_.live || !is_described()) checked(avformat_find_stream_info(format_.get(), nullptr));
}

/// Whether the server has announced the codec, as RTSP servers do; detecting it takes a second of the stream.
bool Decoder::is_described() const {
  if ((format_->ctx_flags & AVFMTCTX_NOHEADER) != 0) return false;
  return std::ranges::any_of(std::span(format_->streams, format_->nb_streams), [](const AVStream* each) {
    return each->codecpar->codec_type == AVMEDIA_TYPE_VIDEO && each->codecpar->codec_id != AV_CODEC_ID_NONE;
  });
}

void Decoder::open_codec() {
  const auto choice = choose_stream(*format_, options_.stream);
  stream_index_ = choice.index;
  films_ = choice.films;
  for (auto* each : std::span(format_->streams, format_->nb_streams)) {
    if (each->index != stream_index_) each->discard = AVDISCARD_ALL;
  }
  const auto id = stream().codecpar->codec_id;
  const auto* const codec = is_text(id) ? nullptr : avcodec_find_decoder(id);
  if (!codec) checked(AVERROR_DECODER_NOT_FOUND);
  codec_.reset(avcodec_alloc_context3(codec));
  if (!codec_) throw std::bad_alloc();
  checked(avcodec_parameters_to_context(codec_.get(), stream().codecpar));
  codec_->pkt_timebase = stream().time_base;
  codec_->thread_count = 0;  // one per core
  logged_.watch(*codec_);
  if (options_.live) {
    codec_->flags |= AV_CODEC_FLAG_LOW_DELAY;
    codec_->thread_type = FF_THREAD_SLICE;  // frame threads would delay each frame by one frame per thread
    codec_->thread_count = 4;
  }
  checked(avcodec_open2(codec_.get(), codec, nullptr));
}

AVFrame* Decoder::next() {
  while (true) {
    const int result = avcodec_receive_frame(codec_.get(), picture_.get());
    if (result == AVERROR_EOF) return nullptr;
    if (result == AVERROR(EAGAIN)) {
      feed();
    } else if (result < 0) {
      if (any_picture_) ++undecodable_;
    } else {
      const bool flagged = (picture_->flags & AV_FRAME_FLAG_CORRUPT) != 0 || picture_->decode_error_flags != 0;
      is_concealed_ = logged_.take(picture_->reordered_opaque) || flagged;
      const bool left_out = flagged && options_.live;
      if (is_concealed_) ++(left_out ? undecodable_ : concealed_);
      if (left_out) continue;
      if (!std::exchange(any_picture_, true)) note_start();
      return picture_.get();
    }
  }
}

bool Decoder::seek(double time_s) {
  const auto stamp = static_cast<std::int64_t>(std::floor(time_s / av_q2d(stream().time_base) + 1e-3));
  if (avformat_seek_file(format_.get(), stream_index_, INT64_MIN, stamp, stamp, 0) < 0) return false;
  avcodec_flush_buffers(codec_.get());
  draining_ = false;
  return true;
}

/// Gives the codec the next packet of the stream; at the end of the stream, drains the codec.
void Decoder::feed() {
  while (!draining_) {
    const int result = av_read_frame(format_.get(), packet_.get());
    if (given_up_) {  // FFmpeg's parser still returns its buffered data, which is stale
      av_packet_unref(packet_.get());
      checked(AVERROR_EXIT);
    }
    if (result == AVERROR(EAGAIN)) continue;
    if (result < 0) {
      if (result != AVERROR_EOF && options_.live) checked(result);
      if (result != AVERROR_EOF) read_error_ = result;
      draining_ = true;
      break;
    }
    const bool ours = packet_->stream_index == stream_index_;
    if (ours) send(packet_.get());
    av_packet_unref(packet_.get());
    if (ours) return;
  }
  send(nullptr);
}

void Decoder::send(const AVPacket* packet) {
  // The decoder passes the arrival time through to the decoded picture, which may come out some packets later.
  codec_->reordered_opaque = std::chrono::steady_clock::now().time_since_epoch().count();
  const int result = avcodec_send_packet(codec_.get(), packet);
  if (result < 0 && packet && any_picture_) ++undecodable_;
  const bool shown = packet && packet->pts != AV_NOPTS_VALUE && (packet->flags & AV_PKT_FLAG_DISCARD) == 0;
  if (shown && !any_picture_ && (first_pts_ == AV_NOPTS_VALUE || packet->pts < first_pts_)) first_pts_ = packet->pts;
}

/// Measures how much of the stream comes before its first picture.
void Decoder::note_start() {
  const auto first = picture_->best_effort_timestamp;
  if (first == AV_NOPTS_VALUE || first_pts_ == AV_NOPTS_VALUE) return;
  lost_start_s_ = std::max(0.0, static_cast<double>(first - first_pts_) * av_q2d(stream().time_base));
}

double Decoder::time_s(const AVFrame& picture) const {
  if (picture.best_effort_timestamp == AV_NOPTS_VALUE) return std::nan("");
  return static_cast<double>(picture.best_effort_timestamp) * av_q2d(stream().time_base);
}

double Decoder::frame_rate(AVFrame& picture) const {
  const auto average = stream().avg_frame_rate;
  if (!options_.live && average.num > 0 && average.den > 0) return av_q2d(average);
  const auto told = av_guess_frame_rate(format_.get(), &stream(), &picture);
  const auto rate = told.num > 0 ? told : codec_->framerate;
  return rate.num > 0 && rate.den > 0 ? av_q2d(rate) : 0;
}

double Decoder::duration_s() const {
  if (stream().duration > 0) return static_cast<double>(stream().duration) * av_q2d(stream().time_base);
  return format_->duration > 0 ? static_cast<double>(format_->duration) / AV_TIME_BASE : 0;
}

std::optional<std::int64_t> Decoder::listed_pictures() const {
  if (stream().nb_frames <= 0) return std::nullopt;
  std::int64_t cut = 0;
  for (int i = 0; i < avformat_index_get_entries_count(&stream()); ++i) {
    const auto* const entry = avformat_index_get_entry(&stream(), i);
    if ((entry->flags & AVINDEX_DISCARD_FRAME) != 0) ++cut;
  }
  return std::max<std::int64_t>(0, stream().nb_frames - cut);
}

bool Decoder::is_truncated() const {
  const auto size = format_->pb ? avio_size(format_->pb) : -1;
  if (size <= 0 || stream().nb_frames <= 0) return false;
  for (int i = 0; i < avformat_index_get_entries_count(&stream()); ++i) {
    const auto* const entry = avformat_index_get_entry(&stream(), i);
    if (entry->pos + entry->size > size) return true;
  }
  return false;
}

}  // namespace onepass::video
