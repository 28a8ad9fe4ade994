// Tests handwritten pickles: valid and refused ones.
#include "model/read/pickle_parser.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/message_of.hpp"

namespace onepass::model::pickle {
namespace {

using namespace std::string_literals;
using test::message_of;
using testing::HasSubstr;

std::string error_of(const std::string& bytes) {
  return message_of([&] { parse(bytes); });
}

/// A reference to module.name, as opcode GLOBAL writes it.
std::string global(const std::string& module, const std::string& name) { return "c" + module + "\n" + name + "\n"; }

TEST(Pickle, ReadsConstants) {
  // pickle.dumps((None, True, 7, 300, -2, 2**40, 1.5, "é"), 2)
  const auto document = parse(
      "\x80\x02(N\x88K\x07M\x2c\x01J\xfe\xff\xff\xff\x8a\x06\x00\x00\x00\x00\x00\x01G\x3f\xf8\x00\x00\x00\x00\x00\x00"
      "X\x02\x00\x00\x00\xc3\xa9tq\x00."s);
  const auto& items = items_of(document.root());
  ASSERT_EQ(items.size(), 8U);
  EXPECT_TRUE(get_if<None>(items[0]));
  EXPECT_EQ(*get_if<bool>(items[1]), true);
  EXPECT_EQ(*get_if<std::int64_t>(items[2]), 7);
  EXPECT_EQ(*get_if<std::int64_t>(items[3]), 300);
  EXPECT_EQ(*get_if<std::int64_t>(items[4]), -2);
  EXPECT_EQ(*get_if<std::int64_t>(items[5]), std::int64_t{1} << 40);
  EXPECT_EQ(*get_if<double>(items[6]), 1.5);
  EXPECT_EQ(*get_if<std::string>(items[7]), "\xc3\xa9");
}

TEST(Pickle, ReadsLongIntegersOfAnySize) {
  EXPECT_EQ(*get_if<std::int64_t>(&parse("\x8a\x01\xff."s).root()), -1);
  EXPECT_EQ(*get_if<std::int64_t>(&parse("\x8a\x00."s).root()), 0);
  const auto document = parse("\x8a\x09\x00\x00\x00\x00\x00\x00\x00\x00\x01."s);  // 2**64
  EXPECT_EQ(*get_if<double>(&document.root()), 18446744073709551616.0);
}

TEST(Pickle, LastOfEqualKeysWins) {
  const auto document = parse(
      "}(U\x01"
      "aK\x01U\x01"
      "aK\x02u."s);
  EXPECT_EQ(*get_if<std::int64_t>(find(document.root(), "a")), 2);
  EXPECT_EQ(find(document.root(), "b"), nullptr);
}

TEST(Pickle, ObjectsKeepClassArgumentsAndState) {
  const auto document = parse(global("torch.nn.modules.activation", "SiLU") + ")\x81}U\x07inplace\x88sb."s);
  EXPECT_EQ(qualified_type(document.root()), "torch.nn.modules.activation.SiLU");
  EXPECT_EQ(*get_if<bool>(attribute(document.root(), "inplace")), true);
  EXPECT_EQ(attribute(document.root(), "absent"), nullptr);
}

TEST(Pickle, RefusesWhatNoModelNeeds) {
  for (const auto& [module, name] : {std::pair{"os", "system"},
                                     {"posix", "system"},
                                     {"nt", "system"},
                                     {"subprocess", "Popen"},
                                     {"builtins", "eval"},
                                     {"builtins", "exec"},
                                     {"builtins", "getattr"},
                                     {"__builtin__", "eval"},
                                     {"runpy", "run_path"},
                                     {"torchevil", "x"},
                                     {"modelsx.y", "z"},
                                     {"numpy", "load"},
                                     {"pathlib", "os.system"}})
    EXPECT_EQ(error_of(global(module, name) + "U\x01x\x85R."s),
              "refers to '"s + module + "." + name + "', which no stock model uses; refused, no code was run");
  EXPECT_THAT(error_of("U\x02osU\x06system\x93."s), HasSubstr("'os.system'"));
  EXPECT_THAT(error_of("(U\x01xios\nsystem\n."s), HasSubstr("'os.system'"));
  EXPECT_THAT(error_of(global("o\x1b[31ms", "system") + "."), HasSubstr("'o?[31ms.system'"));
}

TEST(Pickle, AllowsGetattrOnlyForTheMethodOfAFusedLayer) {
  const auto layer = global("torch.nn.modules.conv", "Conv2d") + ")\x81";
  for (const std::string module : {"builtins", "__builtin__"}) {
    const auto refused = "refers to '" + module + ".getattr', which no stock model uses; refused, no code was run";
    const auto get = global(module, "getattr");
    // pickle.dumps(layer.forward_fuse, 2)
    const auto document = parse(get + layer + "U\x0c" + "forward_fuse\x86R.");
    EXPECT_EQ(qualified_type(document.root()), module + ".getattr");  // a record of the call, which is not made
    EXPECT_EQ(error_of(get + layer + "U\x0b" + "fuseforward\x86R."), "");
    EXPECT_EQ(error_of(get + layer + "U\x09" + "__class__\x86R."), refused);
    EXPECT_EQ(error_of(get + layer + "U\x0c" + "forward_fuse\x86\x81."), "");
    EXPECT_EQ(error_of(get + layer + "U\x09" + "__class__\x86\x81."), refused);
    EXPECT_EQ(error_of("(" + layer + "U\x09" + "__class__i" + module + "\ngetattr\n."), refused);
    EXPECT_EQ(error_of(get + global("torch", "load") + "U\x0c" + "forward_fuse\x86R."), refused);  // of a function
    EXPECT_EQ(error_of(get + layer + "U\x0c" + "forward_fuse)\x87R."), refused);                   // with a default
    EXPECT_EQ(error_of(get + layer + "K\x01\x86R."), refused);
  }
}

TEST(Pickle, RefusesDamage) {
  EXPECT_THAT(error_of(""), HasSubstr("ends early"));
  EXPECT_THAT(error_of("K"), HasSubstr("ends early"));
  EXPECT_THAT(error_of("X\xff\xff\xff\xff"), HasSubstr("ends early"));
  EXPECT_THAT(error_of("\x8e\xff\xff\xff\xff\xff\xff\xff\xff"s), HasSubstr("ends early"));
  EXPECT_THAT(error_of("ctorch"), HasSubstr("ends early"));
  EXPECT_THAT(error_of("."), HasSubstr("underflow"));
  EXPECT_THAT(error_of("(."), HasSubstr("underflow"));
  EXPECT_THAT(error_of("t."), HasSubstr("no mark"));
  EXPECT_THAT(error_of("h\x05."), HasSubstr("memo"));
  EXPECT_THAT(error_of("(K\x01u."), HasSubstr("underflow"));
  EXPECT_THAT(error_of("}(K\x01u."), HasSubstr("dictionary"));
  EXPECT_THAT(error_of("NNa."), HasSubstr("not a list"));
  EXPECT_THAT(error_of("\xff."), HasSubstr("unknown opcode 0xff"));
  EXPECT_THAT(error_of("\x80\x09N."s), HasSubstr("protocol"));
}

TEST(Pickle, SurvivesDeepNestingAndCycles) {
  std::string nested = ")";
  for (int i = 0; i < 200'000; ++i) nested += "\x85";
  EXPECT_EQ(items_of(parse(nested + ".").root()).size(), 1U);
  const auto cycle = parse(
      "]q\x00h\x00"
      "a."s);  // a = []; a.append(a)
  EXPECT_EQ(items_of(cycle.root()).front(), &cycle.root());
}

TEST(Pickle, RefusesMoreValuesThanAModelHas) {
  EXPECT_THAT(error_of(std::string(1'000'001, 'N') + "."), HasSubstr("values, far more than any model has"));
  EXPECT_THAT(error_of(std::string((16U << 20U) + 1, 'N')), HasSubstr("bytes, more than"));
}

}  // namespace
}  // namespace onepass::model::pickle
