#include "model/read/checkpoint.hpp"

#include <array>
#include <fstream>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "io/bounded_file.hpp"
#include "io/zip/zip_directory.hpp"
#include "io/zip/zip_record.hpp"
#include "model/read/legacy_file.hpp"
#include "model/read/pickle_parser.hpp"
#include "model/read/storage_type.hpp"

namespace onepass::model {
namespace {

constexpr std::size_t most_dimensions = 8;

[[noreturn]] void damaged(const std::string& what) {
  throw std::runtime_error("damaged checkpoint (" + what + "); fetch the file again");
}

/// Place of a tensor's elements, from `torch._utils._rebuild_tensor_v2(storage, offset, sizes, strides, …)`.
struct TensorPlace {
  std::string key;  ///< of the tensor's storage
  const StorageType* type = nullptr;
  std::int64_t storage_count = 0;
  std::int64_t offset = 0;
  std::vector<std::int64_t> sizes;
  std::vector<std::int64_t> strides;
};

std::int64_t whole_number(const pickle::Value& value) {
  const auto* number = pickle::get_if<std::int64_t>(&value);
  if (!number || *number < 0) damaged("a size, stride, offset or element count is not a whole number");
  return *number;
}

std::vector<std::int64_t> whole_numbers(const pickle::Value& value) {
  const auto& items = pickle::items_of(value);
  if (items.size() > most_dimensions) damaged(fmt::format("a tensor of {} dimensions", items.size()));
  std::vector<std::int64_t> numbers;
  for (const auto* item : items) numbers.push_back(whole_number(*item));
  return numbers;
}

/// A persistent id is the tuple ("storage", storage class, key, device, element count).
void read_storage(const pickle::Value& value, TensorPlace& place) {
  const auto* persistent = pickle::get_if<pickle::PersistentId>(&value);
  if (!persistent) damaged("a tensor without a storage");
  const auto& fields = pickle::items_of(*persistent->id);
  const auto* key = fields.size() >= 5 ? pickle::get_if<std::string>(fields[2]) : nullptr;
  if (!key) damaged("a storage without a key");
  place.type = &storage_type(pickle::qualified_type(*fields[1]));
  place.key = *key;
  place.storage_count = whole_number(*fields[4]);
}

/// Throws unless all elements lie in the storage and do not outnumber its elements, or if this computation overflows.
void require_inside_storage(const TensorPlace& place) {
  std::int64_t last = place.offset;
  std::int64_t count = 1;
  for (std::size_t i = 0; i < place.sizes.size(); ++i) {
    std::int64_t reach = 0;
    if (__builtin_mul_overflow(count, place.sizes[i], &count) ||
        __builtin_mul_overflow(place.sizes[i] - 1, place.strides[i], &reach) ||
        __builtin_add_overflow(last, reach, &last))
      damaged("a tensor's shape overflows");
  }
  if (count > place.storage_count || (count > 0 && (last < 0 || last >= place.storage_count)))
    damaged("a tensor reaches beyond its storage");
}

/// The recorded tensor in `value`, which may be wrapped in parameters; nullptr if `value` is not a tensor.
const pickle::Object* rebuilt_tensor(const pickle::Value& value) {
  constexpr int most_wrappers = 4;
  const auto* current = &value;
  for (int i = 0; i < most_wrappers; ++i) {
    const auto* object = pickle::get_if<pickle::Object>(current);
    if (!object) return nullptr;
    const auto name = pickle::qualified_type(*current);
    if (name == "torch._utils._rebuild_tensor_v2") return object;
    if (name != "torch._utils._rebuild_parameter" && name != "torch._utils._rebuild_parameter_with_state")
      return nullptr;
    const auto& arguments = pickle::items_of(*object->arguments);
    if (arguments.empty()) return nullptr;
    current = arguments.front();
  }
  return nullptr;
}

/// Copies the elements of a tensor inside its storage, row by row.
void copy_elements(const TensorPlace& place, std::string_view storage, std::span<float> numbers) {
  if (numbers.empty()) return;
  const auto axes = place.sizes.size();
  const auto row = axes == 0 ? 1 : static_cast<std::size_t>(place.sizes.back());
  const auto stride = axes == 0 ? 1 : static_cast<std::ptrdiff_t>(place.strides.back());
  std::vector<std::int64_t> index(axes, 0);
  for (std::size_t done = 0; done < numbers.size(); done += row) {
    auto first = place.offset;
    for (std::size_t axis = 0; axis + 1 < axes; ++axis) first += index[axis] * place.strides[axis];
    place.type->convert(storage.data() + static_cast<std::size_t>(first) * place.type->width, stride, row,
                        numbers.data() + done);
    for (std::size_t axis = axes; axis-- > 1;) {
      if (++index[axis - 1] < place.sizes[axis - 1]) break;
      index[axis - 1] = 0;
    }
  }
}

std::optional<TensorPlace> tensor_place(const pickle::Value& value) {
  const auto* object = rebuilt_tensor(value);
  if (!object) return std::nullopt;
  const auto& arguments = pickle::items_of(*object->arguments);
  if (arguments.size() < 4) damaged("a tensor without a shape");
  TensorPlace place;
  read_storage(*arguments[0], place);
  place.offset = whole_number(*arguments[1]);
  place.sizes = whole_numbers(*arguments[2]);
  place.strides = whole_numbers(*arguments[3]);
  if (place.sizes.size() != place.strides.size()) damaged("a tensor's strides do not fit its sizes");
  require_inside_storage(place);
  return place;
}

/// Reads the storages of a zip file, each stored in its own record.
class ZipStorages {
 public:
  explicit ZipStorages(const std::filesystem::path& path)
      : file_(path, "lies outside the file, which is truncated or damaged"), entries_(io::read_zip_directory(path)) {}

  std::string read_record(const std::string& name) {
    const auto* entry = io::find_record(entries_, name);
    if (!entry) damaged(fmt::format("no record '{}'", name));
    return io::read_record(file_, *entry);
  }

  std::string read(const std::string& key) { return read_record("data/" + key); }

 private:
  io::BoundedFile file_;
  std::vector<io::ZipEntry> entries_;
};

/// Reads the storages at the end of a file of the legacy layout.
class LegacyStorages {
 public:
  LegacyStorages(const std::filesystem::path& path, std::unordered_map<std::string, Extent> extents)
      : file_(path, "damaged checkpoint (ends early); fetch the file again"), extents_(std::move(extents)) {}

  std::string read(const std::string& key) {
    const auto found = extents_.find(key);
    if (found == extents_.end()) damaged(fmt::format("no storage '{}'", key));
    return file_.read(found->second.offset, found->second.bytes);
  }

 private:
  io::BoundedFile file_;
  std::unordered_map<std::string, Extent> extents_;
};

}  // namespace

struct Checkpoint::Implementation {
  using Storages = std::variant<ZipStorages, LegacyStorages>;

  Implementation(pickle::Document recorded, Storages stored, std::uint64_t file_size)
      : document(std::move(recorded)), storages(std::move(stored)), byte_budget(4 * file_size) {}

  Tensor read(const TensorPlace& place) const {
    const auto bytes = std::visit([&](auto& source) { return source.read(place.key); }, storages);
    if (static_cast<std::uint64_t>(place.storage_count) > bytes.size() / place.type->width)
      damaged(fmt::format("storage '{}' is smaller than the tensor in it", place.key));
    if (bytes.size() > byte_budget) damaged("its tensors need more bytes than the file has");
    byte_budget -= bytes.size();
    Tensor result(place.sizes);
    copy_elements(place, bytes, result.floats());
    return result;
  }

  pickle::Document document;
  mutable Storages storages;
  /// Bytes of storages that may still be read: a file that refers to one storage many times must not exhaust memory.
  mutable std::uint64_t byte_budget;
};

namespace {

bool is_zip_file(const std::filesystem::path& path) {
  std::array<char, 2> start{};
  std::ifstream(path, std::ios::binary).read(start.data(), start.size());
  return start == std::array{'P', 'K'};
}

}  // namespace

Checkpoint::Checkpoint(const std::filesystem::path& path) {
  const auto file_size = std::filesystem::file_size(path);
  if (is_zip_file(path)) {
    ZipStorages storages(path);
    auto document = pickle::parse(storages.read_record("data.pkl"));
    implementation_ = std::make_unique<Implementation>(std::move(document), std::move(storages), file_size);
  } else {
    auto file = read_legacy_file(path);
    LegacyStorages storages(path, std::move(file.storages));
    implementation_ = std::make_unique<Implementation>(std::move(file.document), std::move(storages), file_size);
  }
}

Checkpoint::~Checkpoint() = default;
Checkpoint::Checkpoint(Checkpoint&&) noexcept = default;
Checkpoint& Checkpoint::operator=(Checkpoint&&) noexcept = default;

const pickle::Value& Checkpoint::root() const { return implementation_->document.root(); }

Tensor Checkpoint::tensor(const pickle::Value& value) const {
  const auto place = tensor_place(value);
  return place ? implementation_->read(*place) : Tensor();
}

std::int64_t Checkpoint::element_count(const pickle::Value& value) const {
  const auto place = tensor_place(value);
  if (!place) return 0;
  std::int64_t count = 1;  // cannot overflow: tensor_place() has checked the sizes
  for (const auto size : place->sizes) count *= size;
  return count;
}

}  // namespace onepass::model
