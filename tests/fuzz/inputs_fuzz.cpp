// Fuzzes the readers of everything but models: they must return a value or throw a one-line error, in a short time.
//
// The first byte selects the reader; see `readers` below.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

#include <zlib.h>

#include "eval/benchmark/benchmark.hpp"
#include "eval/benchmark/label_file.hpp"
#include "eval/shapes/mots_file.hpp"
#include "formats/recognition.hpp"
#include "formats/registry.hpp"
#include "io/base64.hpp"
#include "io/location.hpp"
#include "io/mot_text.hpp"
#include "io/npy.hpp"
#include "io/sequence_info.hpp"
#include "io/yaml_file.hpp"
#include "memory_file.hpp"
#include "onepass/config.hpp"
#include "onepass/detector.hpp"
#include "onepass/ground.hpp"
#include "onepass/memory.hpp"
#include "onepass/mqtt.hpp"
#include "onepass/publisher.hpp"
#include "onepass/redis.hpp"
#include "onepass/web_server.hpp"
#include "onepass/zones.hpp"
#include "pipeline/live/cameras_file.hpp"
#include "sink/web/http/access.hpp"
#include "sink/web/report/zone_json.hpp"

namespace {

using onepass::test::MemoryFile;

void read_mot_text(std::string_view bytes) {
  const MemoryFile file(bytes);
  for (const auto column : {onepass::io::ClassColumn::read, onepass::io::ClassColumn::ignore}) {
    try {
      onepass::io::MotReader reader(file.path(), {.class_column = column});
      for (onepass::io::MotRow row; reader.next(row);) {
      }
    } catch (const std::runtime_error&) {
    }
  }
  onepass::eval::read_truth(file.path(), std::nullopt, onepass::eval::known_benchmark("MOT17"), [](const auto&) {});
}

/// Returns the beginning of every memory file: a mark and the version.
std::string memory_magic() {
  const auto path = std::filesystem::temp_directory_path() / ("onepass_fuzz_" + std::to_string(::getpid()));
  onepass::Memory({}).save(path, "");
  std::string bytes(20, 0);
  std::ifstream(path, std::ios::binary).read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  std::filesystem::remove(path);
  return bytes;
}

/// A memory file whose header is right: a fuzzer cannot guess a checksum.
void read_memory(std::string_view payload) {
  static const std::string magic = memory_magic();
  std::string bytes = magic;
  const std::uint32_t checksum = static_cast<std::uint32_t>(
      crc32(0, reinterpret_cast<const Bytef*>(payload.data()), static_cast<uInt>(payload.size())));
  const std::uint64_t size = payload.size();
  bytes.append(reinterpret_cast<const char*>(&checksum), sizeof checksum);
  bytes.append(reinterpret_cast<const char*>(&size), sizeof size);
  bytes += payload;
  const MemoryFile file(bytes);
  onepass::Memory::load(file.path(), {}, "roi of layers 1, 2");
}

/// A link to a file of detections; what such a file is depends on its extension.
class RecordingLink {
 public:
  explicit RecordingLink(const std::filesystem::path& target)
      : path_(std::filesystem::temp_directory_path() / ("onepass_fuzz_" + std::to_string(::getpid()) + ".npz")) {
    std::filesystem::remove(path_);
    std::filesystem::create_symlink(target, path_);
  }
  ~RecordingLink() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  RecordingLink(const RecordingLink&) = delete;
  RecordingLink& operator=(const RecordingLink&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

void read_recording(std::string_view bytes) {
  const MemoryFile file(bytes);
  const RecordingLink link(file.path());
  onepass::replay_detections(link.path(), 100, [](const auto&) {});
}

/// Zones are also checked against a picture, by their counter.
void read_zone_file(std::string_view bytes) {
  const MemoryFile file(bytes);
  onepass::ZoneCounter counter(onepass::read_zones(file.path()), {"person", "car"}, 3);
  onepass::Frame frame;
  frame.size = {640, 480};
  counter.update(frame, {});
}

/// Zones that the page accepts must be those that the file reads.
void read_page_zones(std::string_view bytes) {
  const auto given = onepass::sink::zones_from_json(std::string(bytes));
  const auto read = onepass::parse_zones(onepass::zones_text(given.zones), "");
  if (read != given.zones) std::abort();
}

/// Sends the bytes to a real server, and reads the beginning of its answer.
void ask_server(std::string_view request) {
  static const onepass::WebServer server{onepass::WebOptions{.address = {"127.0.0.1", 0}, .token = {}}};
  const int client = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(server.port()));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(client, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) std::abort();
  (void)!::send(client, request.data(), request.size(), MSG_NOSIGNAL);
  ::shutdown(client, SHUT_WR);
  std::array<char, 1024> answer{};
  const auto count = ::recv(client, answer.data(), answer.size(), 0);
  if (count > 0 && std::string_view(answer.data(), 9) != "HTTP/1.1 ") std::abort();
  ::close(client);
}

template <typename Parse>
void parse_or_refuse(Parse parse, const std::string& text) {
  try {
    parse(text);
  } catch (const std::invalid_argument&) {
  }
}

void read_addresses(std::string_view bytes) {
  const std::string text(bytes);
  parse_or_refuse(onepass::parse_web_address, text);
  parse_or_refuse(onepass::parse_redis_address, text);
  parse_or_refuse(onepass::parse_kafka_address, text);
  if (onepass::io::is_url(text) && !onepass::io::is_pipeline(text)) onepass::io::url_name(text);
  onepass::io::without_credentials(text);
  onepass::io::from_base64(text);
  onepass::sink::is_authorized(text, "a-token-that-is-long-enough");
  onepass::sink::is_known_host(text, {});
  onepass::parse_mqtt_address(text);
}

/// A file of annotations: the first letter names its format, from 'a' on in the order of formats(); any other: that
/// which the content tells. YOLO's folders of files are not among them.
void read_annotations(std::string_view bytes) {
  if (bytes.empty()) return;
  const auto number = static_cast<std::size_t>(bytes.front() - 'a');
  const MemoryFile file(bytes.substr(1));
  const auto formats = onepass::formats::formats();
  const auto& format = number < formats.size() ? formats[number] : onepass::formats::recognized(file.path());
  if (format.name == "yolo") return;
  const auto annotations = onepass::formats::read(file.path(), format, {.size = {640, 480}});
  onepass::formats::losses(annotations, onepass::formats::format_named("kitti"));
}

void read_config(std::string_view bytes) {
  onepass::Config config;
  onepass::apply_yaml(config, MemoryFile(bytes).path());
  onepass::dump_yaml(config);
}

using Reader = void (*)(std::string_view);

const std::map<char, Reader> readers = {
    {'t', read_mot_text},
    {'s', [](std::string_view bytes) { onepass::eval::read_mots(MemoryFile(bytes).path(), 0); }},
    {'i', [](std::string_view bytes) { onepass::io::read_sequence_info(MemoryFile(bytes).path()); }},
    {'c', read_config},
    {'l', [](std::string_view bytes) { onepass::pipeline::read_cameras(MemoryFile(bytes).path(), {}); }},
    {'b', [](std::string_view bytes) { onepass::eval::read_benchmark(MemoryFile(bytes).path()); }},
    {'z', read_zone_file},
    {'p', read_page_zones},
    {'g', [](std::string_view bytes) { onepass::read_ground(MemoryFile(bytes).path(), "gate"); }},
    {'d', read_recording},
    {'n', [](std::string_view bytes) { onepass::io::read_npy(MemoryFile(bytes).path()); }},
    {'m', read_memory},
    {'a', read_addresses},
    {'f', read_annotations},
    {'h', ask_server},
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto reader = size > 0 ? readers.find(bytes.front()) : readers.end();
  if (reader == readers.end()) return -1;
  try {
    reader->second(bytes.substr(1));
  } catch (const std::runtime_error&) {
  } catch (const std::invalid_argument&) {
  }
  return 0;
}
