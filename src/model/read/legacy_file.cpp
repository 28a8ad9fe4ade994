#include "model/read/legacy_file.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <stdexcept>

#include <fmt/format.h>

#include "io/bounded_file.hpp"
#include "model/read/pickle_parser.hpp"
#include "model/read/storage_type.hpp"

namespace onepass::model {
namespace {

// The pickle of 0x1950a86a20f9469cfc6c, a long integer of 10 bytes, without the final stop opcode.
constexpr std::string_view magic("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19", 14);
constexpr std::int64_t known_protocol = 1001;
/// The pickles of a stock model take a few hundred kilobytes, including the source code of its classes.
constexpr std::uint64_t most_pickle_bytes = 32U << 20U;

static_assert(std::endian::native == std::endian::little, "storages are read without byte swapping");

[[noreturn]] void damaged(const std::string& what) {
  throw std::runtime_error("damaged checkpoint (" + what + "); fetch the file again");
}

/// Bytes per element of each storage that the document refers to, by key.
std::unordered_map<std::string, std::uint64_t> storage_widths(const pickle::Document& document) {
  std::unordered_map<std::string, std::uint64_t> widths;
  for (const auto& value : document.values()) {
    const auto* persistent = pickle::get_if<pickle::PersistentId>(&value);
    if (!persistent) continue;
    const auto& fields = pickle::items_of(*persistent->id);
    const auto* kind = fields.empty() ? nullptr : pickle::get_if<std::string>(fields[0]);
    if (!kind || *kind != "storage" || fields.size() < 5) continue;
    const auto* key = pickle::get_if<std::string>(fields[2]);
    if (!key) damaged("a storage without a key");
    if (fields.size() > 5 && !pickle::get_if<pickle::None>(fields[5]))
      throw std::runtime_error(
          "uses shared storages of torch before 0.4; load it and save it again with a newer torch");
    widths[*key] = storage_type(pickle::qualified_type(*fields[1])).width;
  }
  return widths;
}

/// Finds the storages, each stored as its element count (8 bytes) followed by the elements.
std::unordered_map<std::string, Extent> find_storages(io::BoundedFile& file, std::uint64_t offset,
                                                      const pickle::Value& keys,
                                                      const std::unordered_map<std::string, std::uint64_t>& widths) {
  std::unordered_map<std::string, Extent> storages;
  for (const auto* item : pickle::items_of(keys)) {
    const auto* key = pickle::get_if<std::string>(item);
    const auto width = key ? widths.find(*key) : widths.end();
    if (width == widths.end()) damaged("a storage that no tensor uses");
    std::int64_t count = 0;
    std::memcpy(&count, file.read(offset, sizeof count).data(), sizeof count);
    offset += sizeof count;
    if (count < 0 || static_cast<std::uint64_t>(count) > (file.size() - offset) / width->second)
      damaged("a storage larger than the file");
    const auto bytes = static_cast<std::uint64_t>(count) * width->second;
    storages[*key] = {offset, bytes};
    offset += bytes;
  }
  return storages;
}

}  // namespace

bool is_legacy_file(std::string_view first_bytes) { return first_bytes.starts_with(magic); }

LegacyFile read_legacy_file(const std::filesystem::path& path) {
  io::BoundedFile file(path, "damaged checkpoint (ends early); fetch the file again");
  const auto head = file.read(0, std::min(file.size(), most_pickle_bytes));
  std::string_view rest(head);
  pickle::parse_next(rest);  // the magic number, which is_legacy_file() checks
  const auto protocol = pickle::parse_next(rest);
  const auto* number = pickle::get_if<std::int64_t>(&protocol.root());
  if (!number || *number != known_protocol) damaged("an unknown protocol");
  const auto system = pickle::parse_next(rest);
  const auto* little = pickle::get_if<bool>(pickle::find(system.root(), "little_endian"));
  if (!little || !*little) throw std::runtime_error("was written on a big-endian machine, which is not supported");
  LegacyFile result{pickle::parse_next(rest), {}};
  const auto keys = pickle::parse_next(rest);
  result.storages = find_storages(file, head.size() - rest.size(), keys.root(), storage_widths(result.document));
  return result;
}

}  // namespace onepass::model
