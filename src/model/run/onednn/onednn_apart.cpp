// Loads oneDNN with dlopen instead of linking it, for a LibTorch that contains another copy of oneDNN.
//
// If both copies were linked, they would share all symbols of the same name, including the code that prepares the
// kernels of matrix products, and one copy would find its own kernels unprepared. With RTLD_DEEPBIND, the loaded copy
// prefers its own symbols.
#include <dlfcn.h>

#include <stdexcept>
#include <string>

#pragma GCC visibility push(hidden)  // LibTorch must not find these symbols
#include <oneapi/dnnl/dnnl.h>
#pragma GCC visibility pop

namespace {

/// The loaded library, or the loader's error message.
struct Library {
  void* const handle = dlopen("libdnnl.so.2", RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);
  const std::string error = handle ? "" : dlerror();
};

void* address_of(const char* function) {
  static const Library library;
  if (!library.handle) throw std::runtime_error(library.error + "; install libdnnl2");
  void* const address = dlsym(library.handle, function);
  if (!address) throw std::runtime_error(std::string("libdnnl.so.2 has no ") + function);
  return address;
}

template <typename Name, typename Function>
struct Forward;

template <typename Name, typename Result, typename... Arguments>
struct Forward<Name, Result(Arguments...)> {
  static Result call(Arguments... arguments) {
    static const auto function = reinterpret_cast<Result (*)(Arguments...)>(address_of(Name::text));
    return function(arguments...);
  }
};

}  // namespace

// Defines a function declared in oneDNN's header so that calls to it reach Forward::call, which has the same type.
#define FORWARD(name)                                                                             \
  namespace {                                                                                     \
  struct name##_name {                                                                            \
    static constexpr const char* text = #name;                                                    \
  };                                                                                              \
  }                                                                                               \
  extern "C" {                                                                                    \
  static decltype(&name) resolve_##name() { return &Forward<name##_name, decltype(name)>::call; } \
  decltype(name) name __attribute__((ifunc("resolve_" #name)));                                   \
  }

FORWARD(dnnl_binary_desc_init)
FORWARD(dnnl_convolution_forward_desc_init)
FORWARD(dnnl_eltwise_forward_desc_init)
FORWARD(dnnl_engine_create)
FORWARD(dnnl_engine_destroy)
FORWARD(dnnl_get_effective_cpu_isa)
FORWARD(dnnl_memory_create)
FORWARD(dnnl_memory_desc_equal)
FORWARD(dnnl_memory_desc_get_size)
FORWARD(dnnl_memory_desc_init_by_tag)
FORWARD(dnnl_memory_destroy)
FORWARD(dnnl_memory_get_data_handle)
FORWARD(dnnl_memory_get_engine)
FORWARD(dnnl_memory_get_memory_desc)
FORWARD(dnnl_memory_set_data_handle_v2)
FORWARD(dnnl_pooling_forward_desc_init)
FORWARD(dnnl_post_ops_append_binary)
FORWARD(dnnl_post_ops_append_eltwise)
FORWARD(dnnl_post_ops_create)
FORWARD(dnnl_post_ops_destroy)
FORWARD(dnnl_primitive_attr_create)
FORWARD(dnnl_primitive_attr_destroy)
FORWARD(dnnl_primitive_attr_set_post_ops)
FORWARD(dnnl_primitive_attr_set_scratchpad_mode)
FORWARD(dnnl_primitive_create)
FORWARD(dnnl_primitive_desc_destroy)
FORWARD(dnnl_primitive_desc_iterator_create)
FORWARD(dnnl_primitive_desc_iterator_destroy)
FORWARD(dnnl_primitive_desc_iterator_fetch)
FORWARD(dnnl_primitive_desc_iterator_next)
FORWARD(dnnl_primitive_desc_query)
FORWARD(dnnl_primitive_desc_query_md)
FORWARD(dnnl_primitive_destroy)
FORWARD(dnnl_primitive_execute)
FORWARD(dnnl_reorder_primitive_desc_create)
FORWARD(dnnl_resampling_forward_desc_init)
FORWARD(dnnl_sgemm)
FORWARD(dnnl_stream_create)
FORWARD(dnnl_stream_destroy)
FORWARD(dnnl_stream_wait)
FORWARD(dnnl_version)
