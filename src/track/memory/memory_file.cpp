#include "track/memory/memory_file.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <fstream>
#include <set>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "io/checksum.hpp"
#include "io/disk.hpp"

namespace onepass::track {
namespace {

static_assert(std::endian::native == std::endian::little, "memory files are written in native byte order");

constexpr std::array<char, 16> magic = {'o', 'n', 'e', 'p', 'a', 's', 's', ' ', 'm', 'e', 'm', 'o', 'r', 'y', '\n', 0};
constexpr std::uint32_t version = 2;

struct Header {
  std::array<char, 16> file_magic = magic;
  std::uint32_t file_version = version;
  std::uint32_t checksum = 0;      ///< CRC-32 of the payload
  std::uint64_t payload_size = 0;  ///< size of the payload that follows, in bytes
};
static_assert(sizeof(Header) == 32);

[[noreturn]] void fail(const std::filesystem::path& path, const std::string& what) {
  throw std::runtime_error(path.string() + ": " + what);
}

class Writer {
 public:
  template <typename Number>
  void number(Number value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof(value));
  }

  template <typename Number>
  void numbers(const Number* values, std::size_t count) {
    number(static_cast<std::uint64_t>(count));
    bytes_.append(reinterpret_cast<const char*>(values), count * sizeof(Number));
  }

  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

/// Reads values from the payload; throws std::invalid_argument for values that are out of range or beyond its end.
class Reader {
 public:
  explicit Reader(const std::string& bytes) : bytes_(bytes) {}

  template <typename Number>
  Number number() {
    Number value;
    std::memcpy(&value, take(sizeof(value)), sizeof(value));
    if constexpr (std::is_floating_point_v<Number>) require(std::isfinite(value));
    return value;
  }

  /// Reads an integer that must be at least `low`.
  std::int64_t count_from(std::int64_t low) {
    const auto value = number<std::int64_t>();
    require(value >= low);
    return value;
  }

  template <typename List>
  List numbers() {
    using Number = std::remove_cvref_t<decltype(*std::declval<List>().data())>;
    const auto count = number<std::uint64_t>();
    require(count <= (bytes_.size() - place_) / sizeof(Number));  // before allocating memory
    List list;
    list.resize(static_cast<decltype(list.size())>(count));
    const auto size = static_cast<std::size_t>(count) * sizeof(Number);
    if (size > 0) std::memcpy(list.data(), take(size), size);
    if constexpr (std::is_floating_point_v<Number>) {
      require(std::all_of(list.data(), list.data() + count, [](Number value) { return std::isfinite(value); }));
    }
    return list;
  }

  bool at_end() const { return place_ == bytes_.size(); }

  static void require(bool holds) {
    if (!holds) throw std::invalid_argument("invalid value");
  }

 private:
  const char* take(std::size_t size) {
    require(size <= bytes_.size() - place_);
    const char* start = bytes_.data() + place_;
    place_ += size;
    return start;
  }

  const std::string& bytes_;
  std::size_t place_ = 0;
};

void write(Writer& writer, const WithinScatter& within) {
  writer.number(within.weight);
  writer.number(static_cast<std::uint64_t>(within.parts.size()));
  for (const auto& part : within.parts) writer.numbers(part.data(), static_cast<std::size_t>(part.size()));
}

WithinScatter read_within(Reader& reader) {
  WithinScatter within;
  within.weight = reader.number<double>();
  Reader::require(within.weight >= 0);
  for (auto left = reader.number<std::uint64_t>(); left > 0; --left) {
    const auto values = reader.numbers<Eigen::VectorXf>();
    const auto side = static_cast<Eigen::Index>(std::llround(std::sqrt(static_cast<double>(values.size()))));
    Reader::require(side * side == values.size());
    within.parts.emplace_back(Eigen::Map<const Eigen::MatrixXf>(values.data(), side, side));
    Reader::require((within.parts.back().diagonal().array() >= 0).all());
  }
  return within;
}

void write(Writer& writer, const EmbeddingStatistics& statistics) {
  writer.number(static_cast<std::uint64_t>(statistics.size()));
  for (const auto& layer : statistics) {
    writer.number(layer.count);
    writer.numbers(layer.size_powers.data(), layer.size_powers.size());
    writer.numbers(layer.products.data(), static_cast<std::size_t>(layer.products.size()));
    writer.numbers(layer.variance.data(), static_cast<std::size_t>(layer.variance.size()));
    write(writer, layer.within);
  }
}

EmbeddingStatistics read_statistics(Reader& reader) {
  EmbeddingStatistics statistics;
  for (auto left = reader.number<std::uint64_t>(); left > 0; --left) {
    LayerStatistics layer;
    layer.count = reader.count_from(0);
    const auto powers = reader.numbers<std::vector<double>>();
    Reader::require(powers.size() == layer.size_powers.size());
    std::ranges::copy(powers, layer.size_powers.begin());
    const auto products = reader.numbers<Eigen::VectorXd>();
    layer.variance = reader.numbers<Eigen::VectorXf>();
    Reader::require(products.size() == 3 * layer.variance.size() && (layer.variance.array() >= 0).all());
    Reader::require((layer.count == 0) == (layer.variance.size() == 0));
    layer.products = Eigen::Map<const Eigen::Matrix3Xd>(products.data(), 3, layer.variance.size());
    layer.within = read_within(reader);
    statistics.push_back(std::move(layer));
  }
  return statistics;
}

void write(Writer& writer, const Separation& separation) {
  writer.number(separation.samples);
  for (const double value :
       {separation.match_mean, separation.match_variance, separation.rival_mean, separation.rival_variance}) {
    writer.number(value);
  }
}

Separation read_separation(Reader& reader) {
  Separation separation;
  separation.samples = reader.count_from(0);
  for (double* value :
       {&separation.match_mean, &separation.match_variance, &separation.rival_mean, &separation.rival_variance}) {
    *value = reader.number<double>();
    Reader::require(*value >= 0 && *value <= 1);
  }
  return separation;
}

void write(Writer& writer, const RememberedIdentity& identity) {
  writer.number(identity.id);
  writer.number(static_cast<std::int64_t>(identity.class_id));
  writer.number(identity.hits);
  writer.number(identity.returns);
  writer.number(identity.stream);
  writer.number(identity.last_seen_s);
  writer.number(static_cast<std::uint64_t>(identity.views.size()));
  for (const auto& view : identity.views) {
    writer.number(view.weight);
    writer.number(view.mean.scale);
    writer.numbers(view.mean.values.data(), view.mean.values.size());
  }
}

RememberedIdentity read_identity(Reader& reader, Eigen::Index length) {
  RememberedIdentity identity;
  identity.id = reader.count_from(1);
  const auto class_id = reader.number<std::int64_t>();  // any number that a detection may have
  Reader::require(std::in_range<int>(class_id));
  identity.class_id = static_cast<int>(class_id);
  identity.hits = reader.count_from(0);
  identity.returns = reader.count_from(0);
  identity.stream = reader.count_from(0);
  identity.last_seen_s = reader.number<double>();
  for (auto left = reader.number<std::uint64_t>(); left > 0; --left) {
    CompactView view;
    view.weight = reader.number<double>();
    view.mean.scale = reader.number<float>();
    view.mean.values = reader.numbers<std::vector<std::int8_t>>();
    Reader::require(view.weight > 0 && view.mean.scale > 0);
    Reader::require(static_cast<Eigen::Index>(view.mean.values.size()) == length);
    identity.views.push_back(std::move(view));
  }
  Reader::require(!identity.views.empty());
  return identity;
}

void read_payload(Reader& reader, Memory::State& state) {
  state.length = reader.count_from(0);
  state.identities = reader.count_from(0);
  state.streams = reader.count_from(0);
  state.clock_s = reader.number<double>();
  state.separation = read_separation(reader);
  state.statistics = read_statistics(reader);
  std::set<std::int64_t> ids;
  for (auto left = reader.number<std::uint64_t>(); left > 0; --left) {
    auto identity = read_identity(reader, state.length);
    Reader::require(identity.id <= state.identities && ids.insert(identity.id).second);
    Reader::require(identity.last_seen_s <= state.clock_s);
    state.gallery.put(std::move(identity), state.clock_s);
  }
  Reader::require(reader.at_end());
}

/// Reads the payload and verifies its size and checksum.
std::string read_checked(const std::filesystem::path& path) {
  if (std::filesystem::is_directory(path)) fail(path, "is a folder, expected a memory file");
  std::ifstream file(path, std::ios::binary);
  if (!file) fail(path, "cannot open this memory file");
  Header header;
  const bool has_header = static_cast<bool>(file.read(reinterpret_cast<char*>(&header), sizeof(header)));
  if (!has_header || header.file_magic != magic) fail(path, "is not a memory file of onepass");
  if (header.file_version != version) {
    fail(path, fmt::format("is a memory file of version {}, this program reads version {}; start a new file",
                           header.file_version, version));
  }
  const auto size = std::filesystem::file_size(path) - sizeof(header);
  if (size != header.payload_size) {
    fail(path, fmt::format("is truncated or damaged: {} bytes follow its header, which states {}", size,
                           header.payload_size));
  }
  std::string payload(static_cast<std::size_t>(header.payload_size), '\0');
  file.read(payload.data(), static_cast<std::streamsize>(payload.size()));
  if (!file) fail(path, "cannot be read");
  if (io::checksum_of(payload) != header.checksum) fail(path, "is damaged: its checksum does not match its content");
  return payload;
}

}  // namespace

void read_memory(const std::filesystem::path& path, const std::string& space, Memory::State& state) {
  const auto payload = read_checked(path);
  try {
    Reader reader(payload);
    const auto file_space = reader.numbers<std::string>();
    if (file_space != space) {
      fail(path, fmt::format("contains embeddings of another kind: {}; those of this run are {}", file_space, space));
    }
    read_payload(reader, state);
  } catch (const std::invalid_argument&) {
    fail(path, "is damaged: it contains invalid values");
  }
}

void write_memory(const std::filesystem::path& path, const std::string& space, const Memory::State& state) {
  Writer writer;
  writer.numbers(space.data(), space.size());
  writer.number(static_cast<std::int64_t>(state.length));
  writer.number(state.identities);
  writer.number(state.streams);
  writer.number(state.clock_s);
  write(writer, state.separation);
  write(writer, state.statistics);
  const auto& identities = state.gallery.identities();
  writer.number(static_cast<std::uint64_t>(identities.size()));
  for (const auto& identity : identities) write(writer, identity);

  Header header;
  header.payload_size = writer.bytes().size();
  header.checksum = io::checksum_of(writer.bytes());
  auto part = path;
  part += ".part";
  std::ofstream file(part, std::ios::binary | std::ios::trunc);
  file.write(reinterpret_cast<const char*>(&header), sizeof(header));
  file.write(writer.bytes().data(), static_cast<std::streamsize>(writer.bytes().size()));
  file.close();
  std::error_code error;
  if (file) error = io::rename_durably(part, path);
  if (file && !error) return;
  std::error_code ignored;
  std::filesystem::remove(part, ignored);
  fail(path, "this memory file cannot be written" + (error ? ": " + error.message() : ""));
}

}  // namespace onepass::track
