#include "model/checkpoint.hpp"

#include <array>
#include <optional>
#include <stdexcept>
#include <tuple>
#include <vector>

#include <ATen/Functions.h>
#include <caffe2/serialize/inline_container.h>
#include <fmt/format.h>

#include "model/zip_directory.hpp"

namespace onepass {
namespace {

constexpr std::size_t most_dimensions = 8;

[[noreturn]] void damaged(const std::string& what) {
  throw std::runtime_error("damaged checkpoint (" + what + "); fetch the file again");
}

struct StorageType {
  std::string_view name;
  at::ScalarType type;
};

constexpr std::array storage_types{
    StorageType{"torch.FloatStorage", at::kFloat},       StorageType{"torch.HalfStorage", at::kHalf},
    StorageType{"torch.BFloat16Storage", at::kBFloat16}, StorageType{"torch.DoubleStorage", at::kDouble},
    StorageType{"torch.LongStorage", at::kLong},         StorageType{"torch.IntStorage", at::kInt},
    StorageType{"torch.ShortStorage", at::kShort},       StorageType{"torch.CharStorage", at::kChar},
    StorageType{"torch.ByteStorage", at::kByte},         StorageType{"torch.BoolStorage", at::kBool},
};

/// Where a tensor's numbers lie: `torch._utils._rebuild_tensor_v2(storage, offset, sizes, strides, …)`.
struct TensorPlace {
  std::string record;
  at::ScalarType type = at::kFloat;
  std::int64_t storage_count = 0;
  std::int64_t offset = 0;
  std::vector<std::int64_t> sizes;
  std::vector<std::int64_t> strides;
};

std::int64_t whole_number(const pickle::Value& value) {
  const auto* number = pickle::get_if<std::int64_t>(&value);
  if (!number || *number < 0) damaged("a tensor's shape is no whole number");
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
  const auto name = pickle::qualified_type(*fields[1]);
  for (const auto& known : storage_types) {
    if (known.name != name) continue;
    place.type = known.type;
    place.record = "data/" + *key;
    place.storage_count = whole_number(*fields[4]);
    return;
  }
  throw std::runtime_error(
      fmt::format("tensors of type '{}' are not supported; save the model as float16 or float32", name));
}

/// Every number of the tensor must lie in its storage, none may be shared; overflow counts as outside.
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

/// Follows parameters to the tensor inside them.
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

}  // namespace

struct Checkpoint::Implementation {
  explicit Implementation(const std::filesystem::path& path)
      : archive(path.string()), entries(read_zip_directory(path)), byte_budget(4 * std::filesystem::file_size(path)) {}

  mutable caffe2::serialize::PyTorchStreamReader archive;
  std::vector<ZipEntry> entries;
  pickle::Document document;
  /// Bytes of storages that may still be read: a file that names one storage over and over must not exhaust memory.
  mutable std::uint64_t byte_budget;

  /// LibTorch reads records without looking at their checksums; silently wrong weights would find nothing.
  std::tuple<at::DataPtr, std::size_t> read_record(const std::string& name) const {
    auto record = archive.getRecord(name);
    if (const auto* entry = find_record(entries, name))
      require_intact(*entry, {static_cast<const char*>(std::get<0>(record).get()), std::get<1>(record)});
    return record;
  }

  at::Tensor read(const TensorPlace& place) const {
    if (!archive.hasRecord(place.record)) damaged(fmt::format("no record '{}'", place.record));
    const auto [data, bytes] = read_record(place.record);
    const auto width = at::elementSize(place.type);
    if (static_cast<std::uint64_t>(place.storage_count) > bytes / width)
      damaged(fmt::format("record '{}' is smaller than the tensor in it", place.record));
    if (bytes > byte_budget) damaged("its tensors take more bytes than the file has");
    byte_budget -= bytes;
    const auto storage = at::from_blob(data.get(), {place.storage_count}, at::dtype(place.type));
    const auto view = storage.as_strided(place.sizes, place.strides, place.offset);
    return at::empty(place.sizes, at::dtype(at::kFloat)).copy_(view);
  }
};

Checkpoint::Checkpoint(const std::filesystem::path& path) : implementation_(std::make_unique<Implementation>(path)) {
  const auto [data, bytes] = implementation_->read_record("data.pkl");
  implementation_->document = pickle::parse({static_cast<const char*>(data.get()), bytes});
}

Checkpoint::~Checkpoint() = default;
Checkpoint::Checkpoint(Checkpoint&&) noexcept = default;
Checkpoint& Checkpoint::operator=(Checkpoint&&) noexcept = default;

const pickle::Value& Checkpoint::root() const { return implementation_->document.root(); }

at::Tensor Checkpoint::tensor(const pickle::Value& value) const {
  const auto place = tensor_place(value);
  return place ? implementation_->read(*place) : at::Tensor();
}

std::int64_t Checkpoint::element_count(const pickle::Value& value) const {
  const auto place = tensor_place(value);
  if (!place) return 0;
  std::int64_t count = 1;  // cannot overflow: it lies in its storage
  for (const auto size : place->sizes) count *= size;
  return count;
}

}  // namespace onepass
