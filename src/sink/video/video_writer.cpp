#include "sink/video/video_writer.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "onepass/temporary_error.hpp"
#include "video/ffmpeg.hpp"

namespace onepass::sink {
namespace {

/// @throws std::runtime_error in FFmpeg's words if the result of one of its functions is an error.
void require(int result) {
  if (result >= 0) return;
  std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
  av_strerror(result, text.data(), text.size());
  throw_system_error(AVUNERROR(result), text.data());
}

/// Returns an output in the format of the extension; its file is not open yet.
video::Output open_output(const std::filesystem::path& path) {
  AVFormatContext* allocated = nullptr;
  require(avformat_alloc_output_context2(&allocated, nullptr, nullptr, path.c_str()));
  allocated->flags |= AVFMT_FLAG_BITEXACT;  // no random numbers and versions, so that equal runs write equal files
  return video::Output(allocated);
}

std::string lower_extension(const std::filesystem::path& path) {
  auto extension = path.extension().string();
  std::ranges::transform(extension, extension.begin(), [](unsigned char letter) { return std::tolower(letter); });
  return extension;
}

video::Format open_input(const std::filesystem::path& path) {
  AVFormatContext* opened = nullptr;
  require(avformat_open_input(&opened, ("file:" + path.string()).c_str(), nullptr, nullptr));
  video::Format input(opened);
  require(avformat_find_stream_info(input.get(), nullptr));
  return input;
}

/// An encoder, and its name in the container ("XVID").
struct Encoder {
  AVCodecID codec;
  std::uint32_t tag;
};

/// Returns the encoders to try for a file name, the best first: H.264, which every player supports, then MPEG-4 part 2,
/// which FFmpeg can write without further libraries. AVI uses other codecs, because it does not support H.264's
/// reordered frames well.
std::vector<Encoder> encoders_for(const std::filesystem::path& path) {
  const auto extension = lower_extension(path);
  if (extension == ".mp4" || extension == ".m4v" || extension == ".mov" || extension == ".mkv")
    return {{AV_CODEC_ID_H264, 0}, {AV_CODEC_ID_MPEG4, 0}};
  if (extension == ".avi") return {{AV_CODEC_ID_MPEG4, MKTAG('X', 'V', 'I', 'D')}, {AV_CODEC_ID_MJPEG, 0}};
  return {};
}

/// Whether x264's analysis of how blocks depend on each other ("mbtree") reads memory that nobody has written, so that
/// its bytes differ from run to run. Found by filling fresh memory with other values: it does unless the number of
/// macroblocks is a multiple of eight, as for 640x360, 640x480, 1280x720 and 1920x1080.
bool reads_beyond_macroblocks(cv::Size size) {
  const auto blocks = [](int side) { return (side + 15) / 16; };
  return blocks(size.width) * blocks(size.height) % 8 != 0;
}

/// Returns a clock with at most 60,000 ticks a second (MPEG-4 part 2 allows 65,535) of which every frame at the nominal
/// rate takes a whole number.
AVRational clock_for(double frame_rate) {
  constexpr int most = 60'000;
  const auto rate = av_d2q(frame_rate, most);
  return {1, std::max(1, most / std::max(1, rate.num)) * std::max(1, rate.num)};
}

}  // namespace

bool is_video_name(const std::filesystem::path& path) { return !encoders_for(path).empty(); }

struct VideoWriter::State {
  State(const std::filesystem::path& path, const VideoFormat& wanted);

  bool open_codec(const Encoder& encoder);
  void open_file(const std::filesystem::path& path);
  std::optional<std::int64_t> ticks_at(double time_s);
  void encode(const AVFrame* picture);

  VideoFormat wanted;
  AVRational rate{};
  video::Output output;
  video::Codec codec;
  video::Picture picture{av_frame_alloc()};
  video::Packet packet{av_packet_alloc()};
  video::Scaler scaler;
  AVStream* stream = nullptr;
  bool constant_rate = false;
  std::int64_t last_ticks = -1;
};

VideoWriter::State::State(const std::filesystem::path& path, const VideoFormat& format) : wanted(format) {
  video::quiet_ffmpeg();
  wanted.size = {format.size.width & ~1, format.size.height & ~1};  // colors have half the resolution
  rate = av_d2q(format.frame_rate, 60'000);
  output = open_output(path);
  constant_rate = std::string(output->oformat->name) == "avi";
  const auto encoders = encoders_for(path);
  if (std::ranges::none_of(encoders, [this](const auto& encoder) { return open_codec(encoder); }))
    throw std::runtime_error(fmt::format("FFmpeg has no encoder for {}x{} at {:.4g} frames per second",
                                         format.size.width, format.size.height, format.frame_rate));
  open_file(path);
}

bool VideoWriter::State::open_codec(const Encoder& encoder) {
  const auto* const found = avcodec_find_encoder(encoder.codec);
  if (!found || wanted.size.empty()) return false;
  codec.reset(avcodec_alloc_context3(found));
  if (!codec) throw std::bad_alloc();
  codec->width = wanted.size.width;
  codec->height = wanted.size.height;
  codec->pix_fmt = encoder.codec == AV_CODEC_ID_MJPEG ? AV_PIX_FMT_YUVJ420P : AV_PIX_FMT_YUV420P;
  codec->colorspace = AVCOL_SPC_SMPTE170M;  // the conversion that swscale uses by default
  codec->color_range = encoder.codec == AV_CODEC_ID_MJPEG ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
  codec->codec_tag = encoder.tag;
  codec->time_base = constant_rate ? av_inv_q(rate) : clock_for(wanted.frame_rate);
  codec->framerate = rate;
  if ((output->oformat->flags & AVFMT_GLOBALHEADER) != 0) codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  if (encoder.codec != AV_CODEC_ID_H264) {
    codec->flags |= AV_CODEC_FLAG_QSCALE;
    codec->global_quality = 3 * FF_QP2LAMBDA;
  }
  codec->thread_count = 4;  // more or fewer would change the bytes of H.264
  const int second = std::max(1, static_cast<int>(std::lround(wanted.frame_rate)));
  video::Options options{{"crf", "23"}};
  if (wanted.live) {  // no picture waits in the encoder, and a key frame comes every second
    av_dict_set(options.get(), "tune", "zerolatency", 0);
    codec->gop_size = second;
  } else {  // at most half a second of pictures waits in the encoder, apart from those that its threads work on
    av_dict_set_int(options.get(), "rc-lookahead", std::clamp(second / 2, 1, 40), 0);
    if (reads_beyond_macroblocks(wanted.size)) av_dict_set(options.get(), "mbtree", "0", 0);
  }
  return avcodec_open2(codec.get(), found, options.get()) >= 0;
}

void VideoWriter::State::open_file(const std::filesystem::path& path) {
  stream = avformat_new_stream(output.get(), nullptr);
  if (!stream) throw std::bad_alloc();
  require(avcodec_parameters_from_context(stream->codecpar, codec.get()));
  stream->time_base = codec->time_base;
  stream->avg_frame_rate = rate;
  require(avio_open(&output->pb, path.c_str(), AVIO_FLAG_WRITE));
  // What is written can be played even if the program is killed.
  output->flags |= AVFMT_FLAG_FLUSH_PACKETS;
  video::Options options{{"movflags", "frag_keyframe+empty_moov+default_base_moof"},
                         {"frag_duration", "500000"},     // MP4: microseconds
                         {"cluster_time_limit", "500"}};  // Matroska: milliseconds
  require(avformat_write_header(output.get(), options.get()));
  picture->format = codec->pix_fmt;
  picture->width = codec->width;
  picture->height = codec->height;
  require(av_frame_get_buffer(picture.get(), 0));
}

/// Returns the time in ticks of the codec's clock, later than the previous one; nullopt for an image that would come
/// more than a tick too late, because a container without times cannot show so many.
std::optional<std::int64_t> VideoWriter::State::ticks_at(double time_s) {
  const auto ticks = std::isfinite(time_s) ? std::llround(time_s / av_q2d(codec->time_base)) : 0;
  if (constant_rate && last_ticks > ticks) return std::nullopt;
  last_ticks = std::max<std::int64_t>(ticks, last_ticks + 1);
  return last_ticks;
}

/// Encodes a picture, or with nullptr what the encoder still holds, and writes the packets that come out.
void VideoWriter::State::encode(const AVFrame* given) {
  require(avcodec_send_frame(codec.get(), given));
  while (true) {
    const int result = avcodec_receive_packet(codec.get(), packet.get());
    if (result == AVERROR(EAGAIN) || result == AVERROR_EOF) return;
    require(result);
    av_packet_rescale_ts(packet.get(), codec->time_base, stream->time_base);
    packet->stream_index = stream->index;
    require(av_interleaved_write_frame(output.get(), packet.get()));
    require(output->pb->error);  // of writes that were buffered
  }
}

VideoWriter::VideoWriter(const std::filesystem::path& path, const VideoFormat& format)
    : state_(std::make_unique<State>(path, format)) {}

VideoWriter::~VideoWriter() = default;

void VideoWriter::write(const cv::Mat& image, double time_s) {
  auto& state = *state_;
  const auto& size = state.wanted.size;
  const auto ticks = state.ticks_at(time_s);
  if (!ticks) return;
  auto& picture = *state.picture;
  require(av_frame_make_writable(&picture));
  state.scaler.reset(sws_getCachedContext(state.scaler.release(), size.width, size.height, AV_PIX_FMT_BGR24, size.width,
                                          size.height, state.codec->pix_fmt, SWS_BICUBIC, nullptr, nullptr, nullptr));
  if (!state.scaler) throw std::bad_alloc();
  const std::uint8_t* const rows[] = {image.data};
  const int strides[] = {static_cast<int>(image.step)};
  sws_scale(state.scaler.get(), rows, strides, 0, size.height, picture.data, picture.linesize);
  picture.pts = *ticks;
  state.encode(&picture);
}

void VideoWriter::finish() {
  state_->encode(nullptr);
  require(av_write_trailer(state_->output.get()));
  require(state_->output->pb->error);
  require(avio_closep(&state_->output->pb));
}

bool is_fragmented(const std::filesystem::path& path) {
  const auto extension = lower_extension(path);
  return extension == ".mp4" || extension == ".m4v" || extension == ".mov";
}

void copy_with_index(const std::filesystem::path& fragmented, const std::filesystem::path& indexed, double frame_rate) {
  const auto input = open_input(fragmented);
  const auto output = open_output(indexed);
  const auto& from = *input->streams[0];
  auto* const to = avformat_new_stream(output.get(), nullptr);
  if (!to) throw std::bad_alloc();
  require(avcodec_parameters_copy(to->codecpar, from.codecpar));
  to->time_base = from.time_base;
  to->avg_frame_rate = av_d2q(frame_rate, 60'000);
  require(avio_open(&output->pb, indexed.c_str(), AVIO_FLAG_WRITE));
  require(avformat_write_header(output.get(), nullptr));
  const video::Packet packet(av_packet_alloc());
  if (!packet) throw std::bad_alloc();
  std::optional<std::int64_t> start;
  while (true) {
    const int result = av_read_frame(input.get(), packet.get());
    if (result == AVERROR_EOF) break;
    require(result);
    if (!start) start = packet->pts;
    packet->pts -= *start;  // fragments have no edit list, and therefore begin late by the frames that are reordered
    packet->dts -= *start;
    packet->duration = 0;  // that of the last frame of a fragment is a guess
    packet->pos = -1;
    av_packet_rescale_ts(packet.get(), from.time_base, to->time_base);
    require(av_interleaved_write_frame(output.get(), packet.get()));
    require(output->pb->error);
  }
  require(av_write_trailer(output.get()));
  require(output->pb->error);
  require(avio_closep(&output->pb));
}

}  // namespace onepass::sink
