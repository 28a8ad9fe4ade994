// Settings that the numerical libraries read from the environment as they are loaded, for commands that run a network.
//
// A program learns its arguments when its libraries have read theirs already. So it is started anew with what is
// missing, from the one place that comes before: .preinit_array, where LibTorch has not spent half a second on its
// registrations yet. Nothing but plain system calls can be relied on there. A setting of the user's own stays.
#include <sys/auxv.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <string_view>

namespace {

bool runs_a_network(char** argv) {
  for (char** argument = argv; *argument; ++argument)
    if (std::string_view(*argument).starts_with("--model")) return true;
  return false;
}

/// Room for a copy of the environment with more variables.
class Environment {
 public:
  explicit Environment(char** given) {
    while (*given && size_ < most) variables_[size_++] = *given++;
    fits_ = !*given;
  }

  /// @param name with its "="
  bool has(std::string_view name) const {
    for (std::size_t i = 0; i < size_; ++i)
      if (std::string_view(variables_[i]).starts_with(name)) return true;
    return false;
  }

  void add(const char* variable) {
    fits_ = fits_ && size_ < most;
    if (fits_) variables_[size_++] = const_cast<char*>(variable);
    changed_ = true;
  }

  bool is_new() const { return changed_ && fits_; }
  char* const* data() const { return variables_.data(); }

 private:
  static constexpr std::size_t most = 4000;
  std::array<char*, most + 1> variables_{};
  std::size_t size_ = 0;
  bool fits_ = true;
  bool changed_ = false;
};

void start_with_settings(int /*argc*/, char** argv, char** given) {
  const bool through_loader = getauxval(AT_BASE) == 0;  // then it is the loader that would be started anew
  if (through_loader || !runs_a_network(argv)) return;
  Environment environment(given);
  // Between two primitives an OpenMP thread should wait awake, or waking it takes a quarter of a network's time; but
  // not for long, or it takes the cores from decoding and from others. So many turns libgomp takes itself where threads
  // outnumber cores and are told to stay awake.
  if (!environment.has("OMP_WAIT_POLICY=") && !environment.has("GOMP_SPINCOUNT="))
    environment.add("GOMP_SPINCOUNT=1000");
#if defined(__x86_64__)
  // OpenBLAS up to 0.3.21 does not know recent server processors and falls back to kernels of 2004.
  __builtin_cpu_init();
  const bool has_avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl");
  if (has_avx512 && !environment.has("OPENBLAS_CORETYPE=")) environment.add("OPENBLAS_CORETYPE=SkylakeX");
#endif
  if (environment.is_new()) execve("/proc/self/exe", argv, environment.data());  // where it fails, defaults must do
}

[[gnu::section(".preinit_array"), gnu::used]] void (*const before_libraries)(int, char**, char**) = start_with_settings;

}  // namespace
