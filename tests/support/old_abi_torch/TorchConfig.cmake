# Replaces the LibTorch of a pip wheel: found, but compiled with the old C++ ABI.
set(TORCH_FOUND TRUE)
set(TORCH_CXX_FLAGS "-D_GLIBCXX_USE_CXX11_ABI=0")
