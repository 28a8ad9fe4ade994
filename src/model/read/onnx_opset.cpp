#include "model/read/onnx_opset.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace onepass::model {
namespace {

/// Fields of a protocol buffer (https://protobuf.dev/programming-guides/encoding/), up to a position of the stream.
class Fields {
 public:
  Fields(std::istream& stream, std::uint64_t end) : stream_(stream), end_(end) {}

  /// Moves to the next field behind the content of the current one; false at the end, or where no field begins.
  bool next() {
    const auto key = content_end_ > 0 ? skip_to(content_end_) : varint();
    if (!key) return false;
    number_ = *key >> 3U;
    switch (*key & 7U) {
      case 0:  // varint
        return has_value(varint());
      case 1:  // 64 bits
        return has_content(8);
      case 2:  // bytes
        return has_content(varint());
      case 5:  // 32 bits
        return has_content(4);
      default:
        return false;
    }
  }

  std::uint64_t number() const { return number_; }
  std::uint64_t value() const { return value_; }  ///< of a varint
  std::uint64_t content_end() const { return content_end_; }
  std::uint64_t content_size() const { return content_end_ - position(); }

 private:
  std::uint64_t position() const { return static_cast<std::uint64_t>(std::streamoff(stream_.tellg())); }

  std::optional<std::uint64_t> skip_to(std::uint64_t place) {
    if (place >= end_) return std::nullopt;
    stream_.seekg(static_cast<std::streamoff>(place));
    return varint();
  }

  std::optional<std::uint64_t> varint() {
    std::uint64_t result = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const int byte = stream_.get();
      if (byte < 0) return std::nullopt;
      result |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if ((byte & 0x80) == 0) return result;
    }
    return std::nullopt;
  }

  bool has_value(std::optional<std::uint64_t> value) {
    if (!value) return false;
    value_ = *value;
    content_end_ = position();
    return true;
  }

  bool has_content(std::optional<std::uint64_t> size) {
    const auto begin = position();
    if (!size || begin > end_ || *size > end_ - begin) return false;
    content_end_ = begin + *size;
    return true;
  }

  std::istream& stream_;
  std::uint64_t end_;
  std::uint64_t number_ = 0;
  std::uint64_t value_ = 0;
  std::uint64_t content_end_ = 0;  ///< 0 before the first field
};

/// The version in an OperatorSetIdProto, if it is that of ONNX's own operators.
std::optional<std::int64_t> version_in(std::istream& stream, std::uint64_t end) {
  std::optional<std::int64_t> version;
  for (Fields set(stream, end); set.next();) {
    constexpr std::string_view own = "ai.onnx";
    if (set.number() == 1 && set.content_size() > 0) {
      std::string domain(std::min<std::uint64_t>(set.content_size(), own.size() + 1), '\0');
      stream.read(domain.data(), static_cast<std::streamsize>(domain.size()));
      if (domain != own) return std::nullopt;
    }
    if (set.number() == 2) version = static_cast<std::int64_t>(set.value());
  }
  return version;
}

}  // namespace

std::optional<std::int64_t> onnx_opset(const std::filesystem::path& path) {
  constexpr std::uint64_t opset_import = 8;
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  std::ifstream stream(path, std::ios::binary);
  if (error || !stream) return std::nullopt;
  for (Fields model(stream, size); model.next();) {
    if (model.number() != opset_import) continue;
    const auto version = version_in(stream, model.content_end());
    if (version) return version;
    stream.clear();
  }
  return std::nullopt;
}

void require_known_opset(const std::filesystem::path& path) {
  constexpr std::int64_t newest = 28;  // of ONNX 1.23
  const auto version = onnx_opset(path);
  if (version && (*version < 1 || *version > newest))
    throw std::runtime_error(fmt::format(
        "uses version {} of ONNX's operators, which onepass does not know (1 to {}); export the model again with an "
        "older operator set, such as opset=17",
        *version, newest));
}

}  // namespace onepass::model
