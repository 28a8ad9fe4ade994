#include "model/read/pickle_parser.hpp"

#include <cstring>
#include <stdexcept>
#include <unordered_map>

#include <fmt/format.h>

#include "model/read/pickle_globals.hpp"
#include "model/read/pickle_opcodes.hpp"

namespace onepass::model::pickle {
namespace {

// The pickle of a stock checkpoint has about 100 kB and 40,000 values.
constexpr std::size_t most_bytes = 16U << 20U;
constexpr std::size_t most_values = 1'000'000;

[[noreturn]] void damaged(const std::string& what) {
  throw std::runtime_error("damaged checkpoint (pickle: " + what + "); fetch the file again");
}

/// Reads little- and big-endian fields of a byte stream. @throws std::runtime_error at its end.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes), size_(bytes.size()) {}

  std::size_t consumed() const { return size_ - rest_.size(); }

  std::string_view take(std::uint64_t count) {
    if (count > rest_.size()) damaged("ends early");
    const auto taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }

  template <typename Number>
  Number number() {
    Number value;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }

  std::string_view line() {
    const auto end = rest_.find('\n');
    if (end == std::string_view::npos) damaged("ends early");
    const auto text = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return text;
  }

  double big_endian_double() {
    std::uint64_t bits = 0;
    for (const char byte : take(8)) bits = bits << 8U | static_cast<unsigned char>(byte);
    double value = 0;
    std::memcpy(&value, &bits, sizeof value);
    return value;
  }

 private:
  std::string_view rest_;
  std::size_t size_;
};

/// Decodes a little-endian two's complement integer; integers of more than 64 bits become an approximate double.
std::variant<std::int64_t, double> long_integer(std::string_view bytes) {
  const bool negative = !bytes.empty() && (static_cast<unsigned char>(bytes.back()) & 0x80U) != 0;
  if (bytes.size() <= 8) {
    std::uint64_t bits = negative ? ~std::uint64_t{0} : 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      bits &= ~(std::uint64_t{0xFF} << (8 * i));
      bits |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
    }
    return static_cast<std::int64_t>(bits);
  }
  double value = negative ? -1 : 0;
  for (auto byte = bytes.rbegin(); byte != bytes.rend(); ++byte)
    value = value * 256 + static_cast<unsigned char>(*byte);
  return value;
}

}  // namespace

/// Executes pickle opcodes (listed in Python's pickletools) with a stack of values, marks in the stack, and a memo.
class Machine {
 public:
  Machine(std::string_view bytes, Document& document) : reader_(bytes), document_(document) {}

  void run() {
    for (;;) {
      const auto code = static_cast<Opcode>(reader_.number<std::uint8_t>());
      if (code == Opcode::stop) break;
      if (!push_constant(code) && !change_stack(code) && !use_memo(code) && !build_container(code) &&
          !build_object(code))
        damaged(fmt::format("unknown opcode 0x{:02x}", static_cast<unsigned>(code)));
    }
    document_.root_ = pop();
  }

  std::size_t consumed() const { return reader_.consumed(); }

 private:
  template <typename Content>
  void push(Content content) {
    if (document_.values_.size() >= most_values)
      throw std::runtime_error(
          fmt::format("holds more than {} values, far more than any model has; refused", most_values));
    stack_.push_back(&document_.values_.emplace_back(Value{std::move(content)}));
  }
  void push_text(std::uint64_t size) { push(std::string(reader_.take(size))); }

  std::size_t floor() const { return marks_.empty() ? 0 : marks_.back(); }

  Value* pop() {
    if (stack_.size() <= floor()) damaged("stack underflow");
    Value* value = stack_.back();
    stack_.pop_back();
    return value;
  }

  Value& top() {
    if (stack_.size() <= floor()) damaged("stack underflow");
    return *stack_.back();
  }

  Items pop_to_mark() {
    if (marks_.empty()) damaged("no mark");
    Items items(stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back()), stack_.end());
    stack_.resize(marks_.back());
    marks_.pop_back();
    return items;
  }

  bool push_constant(Opcode code) {
    switch (code) {
      case Opcode::none:
        push(None{});
        return true;
      case Opcode::new_true:
        push(true);
        return true;
      case Opcode::new_false:
        push(false);
        return true;
      case Opcode::int8:
        push(std::int64_t{reader_.number<std::uint8_t>()});
        return true;
      case Opcode::int16:
        push(std::int64_t{reader_.number<std::uint16_t>()});
        return true;
      case Opcode::int32:
        push(std::int64_t{reader_.number<std::int32_t>()});
        return true;
      case Opcode::long8:
        push_long(reader_.number<std::uint8_t>());
        return true;
      case Opcode::long32:
        push_long(reader_.number<std::uint32_t>());
        return true;
      case Opcode::binary_double:
        push(reader_.big_endian_double());
        return true;
      case Opcode::text8:
      case Opcode::string8:
      case Opcode::bytes8:
        push_text(reader_.number<std::uint8_t>());
        return true;
      case Opcode::text32:
      case Opcode::string32:
      case Opcode::bytes32:
        push_text(reader_.number<std::uint32_t>());
        return true;
      case Opcode::text64:
      case Opcode::bytes64:
      case Opcode::byte_array64:
        push_text(reader_.number<std::uint64_t>());
        return true;
      default:
        return false;
    }
  }

  void push_long(std::uint64_t size) {
    std::visit([this](auto number) { push(number); }, long_integer(reader_.take(size)));
  }

  bool change_stack(Opcode code) {
    switch (code) {
      case Opcode::protocol:
        if (reader_.number<std::uint8_t>() > 5) damaged("unknown protocol");
        return true;
      case Opcode::frame:
        reader_.take(8);
        return true;
      case Opcode::mark:
        marks_.push_back(stack_.size());
        return true;
      case Opcode::pop:
        pop();
        return true;
      case Opcode::pop_mark:
        pop_to_mark();
        return true;
      case Opcode::duplicate:
        stack_.push_back(&top());
        return true;
      default:
        return false;
    }
  }

  bool use_memo(Opcode code) {
    switch (code) {
      case Opcode::put8:
        memo_[reader_.number<std::uint8_t>()] = &top();
        return true;
      case Opcode::put32:
        memo_[reader_.number<std::uint32_t>()] = &top();
        return true;
      case Opcode::memoize:
        memo_[static_cast<std::uint32_t>(memo_.size())] = &top();
        return true;
      case Opcode::get8:
        recall(reader_.number<std::uint8_t>());
        return true;
      case Opcode::get32:
        recall(reader_.number<std::uint32_t>());
        return true;
      default:
        return false;
    }
  }

  void recall(std::uint32_t key) {
    const auto found = memo_.find(key);
    if (found == memo_.end()) damaged("unknown memo key");
    stack_.push_back(found->second);
  }

  bool build_container(Opcode code) {
    switch (code) {
      case Opcode::empty_list:
      case Opcode::empty_set:
      case Opcode::empty_tuple:
        push(Sequence{});
        return true;
      case Opcode::empty_dictionary:
        push(Dictionary{});
        return true;
      case Opcode::tuple1:
        push_tuple(1);
        return true;
      case Opcode::tuple2:
        push_tuple(2);
        return true;
      case Opcode::tuple3:
        push_tuple(3);
        return true;
      case Opcode::list:
      case Opcode::tuple:
      case Opcode::frozen_set:
        push(Sequence{pop_to_mark()});
        return true;
      case Opcode::append:
        append({pop()});
        return true;
      case Opcode::appends:
      case Opcode::add_items:
        append(pop_to_mark());
        return true;
      case Opcode::dictionary: {
        const auto pairs = pop_to_mark();
        push(Dictionary{});
        set_items(pairs);
        return true;
      }
      case Opcode::set_item: {
        const Value* value = pop();
        set_items({pop(), value});
        return true;
      }
      case Opcode::set_items:
        set_items(pop_to_mark());
        return true;
      default:
        return false;
    }
  }

  void push_tuple(std::size_t size) {
    Items items(size);
    for (auto item = items.rbegin(); item != items.rend(); ++item) *item = pop();
    push(Sequence{std::move(items)});
  }

  void append(const Items& added) {
    auto& content = top().content;
    auto* object = std::get_if<Object>(&content);
    auto* sequence = std::get_if<Sequence>(&content);
    if (!object && !sequence) damaged("appends to a value that is not a list");
    auto& items = object ? object->items : sequence->items;
    items.insert(items.end(), added.begin(), added.end());
  }

  void set_items(const Items& pairs) {
    auto& content = top().content;
    auto* object = std::get_if<Object>(&content);
    auto* dictionary = std::get_if<Dictionary>(&content);
    if ((!object && !dictionary) || pairs.size() % 2 != 0) damaged("sets items of a value that is not a dictionary");
    auto& entries = object ? object->entries : dictionary->entries;
    for (std::size_t i = 0; i < pairs.size(); i += 2) entries.emplace_back(pairs[i], pairs[i + 1]);
  }

  bool build_object(Opcode code) {
    switch (code) {
      case Opcode::global: {
        const auto module = reader_.line();
        push_global(module, reader_.line());
        return true;
      }
      case Opcode::stack_global: {
        const auto* name = get_if<std::string>(pop());
        const auto* module = get_if<std::string>(pop());
        if (!name || !module) damaged("a global without a name");
        push_global(*module, *name);
        return true;
      }
      case Opcode::instance: {
        push(Sequence{pop_to_mark()});
        const auto module = reader_.line();
        push_global(module, reader_.line());
        const Value* type = pop();
        push_object(type, pop());
        return true;
      }
      case Opcode::new_object_keywords:
        pop();
        [[fallthrough]];
      case Opcode::reduce:
      case Opcode::new_object: {
        const Value* arguments = pop();
        push_object(pop(), arguments);
        return true;
      }
      case Opcode::build: {
        const Value* state = pop();
        if (auto* object = std::get_if<Object>(&top().content)) object->state = state;
        return true;
      }
      case Opcode::persistent_id:
        push(PersistentId{pop()});
        return true;
      default:
        return false;
    }
  }

  void push_object(const Value* type, const Value* arguments) {
    if (const auto* function = get_if<Global>(type)) require_harmless_call(*function, *arguments);
    push(Object{type, arguments, nullptr, {}, {}});
  }

  void push_global(std::string_view module, std::string_view name) {
    require_harmless(module, name);
    push(Global{std::string(module), std::string(name)});
  }

  Reader reader_;
  Document& document_;
  std::vector<Value*> stack_;
  std::vector<std::size_t> marks_;  ///< stack size at each open mark
  std::unordered_map<std::uint32_t, Value*> memo_;
};

Document parse(std::string_view bytes) {
  if (bytes.size() > most_bytes)
    throw std::runtime_error(fmt::format("its pickle has {} bytes, more than {}; refused", bytes.size(), most_bytes));
  return parse_next(bytes);
}

Document parse_next(std::string_view& bytes) {
  Document document;
  Machine machine(bytes.substr(0, most_bytes), document);
  machine.run();
  bytes.remove_prefix(machine.consumed());
  return document;
}

}  // namespace onepass::model::pickle
