// Writes identities and learned statistics as bytes, for memory files and for other processes.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include "onepass/embedding_statistics.hpp"
#include "track/memory/gallery.hpp"
#include "track/record/separation.hpp"

namespace onepass::track {

static_assert(std::endian::native == std::endian::little, "values are written in native byte order");

class ByteWriter {
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

/// Reads values from bytes that outlive the reader; throws std::invalid_argument for values that are out of range or
/// beyond its end.
class ByteReader {
 public:
  explicit ByteReader(const std::string& bytes) : bytes_(bytes) {}

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

void write(ByteWriter& writer, const EmbeddingStatistics& statistics);
void write(ByteWriter& writer, const Separation& separation);
void write(ByteWriter& writer, const RememberedIdentity& identity);

// All values are checked, sizes before memory is allocated; std::invalid_argument is thrown for values out of range.
EmbeddingStatistics read_statistics(ByteReader& reader);
Separation read_separation(ByteReader& reader);

/// @param length of the embeddings
RememberedIdentity read_identity(ByteReader& reader, Eigen::Index length);

}  // namespace onepass::track
