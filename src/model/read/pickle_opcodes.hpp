// Lists the opcodes of Python's binary pickles, protocols 2 to 5 (documented in Python's module pickletools).
#pragma once

#include <cstdint>

namespace onepass::model::pickle {

enum class Opcode : std::uint8_t {
  protocol = 0x80,
  frame = 0x95,
  stop = '.',
  mark = '(',
  pop = '0',
  pop_mark = '1',
  duplicate = '2',

  none = 'N',
  new_true = 0x88,
  new_false = 0x89,
  int8 = 'K',
  int16 = 'M',
  int32 = 'J',
  long8 = 0x8a,
  long32 = 0x8b,
  binary_double = 'G',
  text8 = 0x8c,
  text32 = 'X',
  text64 = 0x8d,
  string8 = 'U',
  string32 = 'T',
  bytes8 = 'C',
  bytes32 = 'B',
  bytes64 = 0x8e,
  byte_array64 = 0x96,

  empty_list = ']',
  empty_set = 0x8f,
  empty_tuple = ')',
  empty_dictionary = '}',
  tuple1 = 0x85,
  tuple2 = 0x86,
  tuple3 = 0x87,
  list = 'l',
  tuple = 't',
  frozen_set = 0x91,
  append = 'a',
  appends = 'e',
  add_items = 0x90,
  dictionary = 'd',
  set_item = 's',
  set_items = 'u',

  put8 = 'q',
  put32 = 'r',
  memoize = 0x94,
  get8 = 'h',
  get32 = 'j',

  global = 'c',
  stack_global = 0x93,
  instance = 'i',
  reduce = 'R',
  new_object = 0x81,
  new_object_keywords = 0x92,
  build = 'b',
  persistent_id = 'Q',
};

}  // namespace onepass::model::pickle
